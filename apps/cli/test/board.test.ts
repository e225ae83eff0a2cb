import type { CatchWorld } from '@fastweights/datasets';
import { describe, expect, it } from 'vitest';
import { type BoardOptions, boardLines, boardRoom } from '../src/catch/board.ts';
import { textOf, widthOf } from '../src/terminal/line.ts';

const world = (frame: number, paddle: number): CatchWorld => ({
  ...{ size: 4, visibleFrames: 2, ball: 0 },
  ...{ frame, paddle },
});

const text = (options: BoardOptions): string[] => boardLines(options).map(textOf);

describe('a board', () => {
  const seen = [world(1, 2), world(2, 1)];
  const blank = [...seen, world(3, 1)];
  const over = [...blank, world(4, 0)];

  it('shows ball and paddle while they are seen', () => {
    expect(text({ worlds: seen, view: 'seen', scale: 'large' })).toEqual([
      '╭────────╮',
      '│        │',
      '│██      │',
      '│        │',
      '│  ▀▀▀▀  │',
      '╰────────╯',
    ]);
    expect(text({ worlds: seen, view: 'seen', scale: 'small' })).toEqual([
      '╭────╮',
      '│▄   │',
      '│ ▄▄ │',
      '╰────╯',
    ]);
  });

  it('shows nothing but fog in blank frames', () => {
    const fog = text({ worlds: blank, view: 'seen', scale: 'large' });
    expect(fog.slice(1, -1)).toEqual(Array(4).fill('│░░░░░░░░│'));
    expect(fog).toEqual(text({ worlds: [world(4, 2)], view: 'seen', scale: 'large' }));
  });

  it('shows what is in the fog to those who ask', () => {
    const lines = text({ worlds: blank, view: 'through', scale: 'large' });
    expect(lines.slice(3, 5)).toEqual(['│██░░░░░░│', '│░░▀▀▀▀░░│']);
  });

  it('shows in the end which ways they took', () => {
    expect(text({ worlds: over, view: 'cleared', scale: 'large' })).toEqual([
      '╭────────╮',
      '│∙   ····│',
      '│∙ ····  │',
      '│∙ ····  │',
      '│██▀▀    │',
      '╰────────╯',
    ]);
    expect(text({ worlds: over, view: 'cleared', scale: 'small' })).toEqual([
      '╭────╮',
      '│····│',
      '│▄▄· │',
      '╰────╯',
    ]);
  });

  it('is as large as it says, of odd sizes too', () => {
    for (const size of [2, 3, 16, 24, 33]) {
      for (const scale of ['large', 'small'] as const) {
        const now = { size, visibleFrames: 1, frame: size, ball: size - 1, paddle: size - 2 };
        const lines = boardLines({ worlds: [now], view: 'cleared', scale });
        const { columns, rows } = boardRoom(size, scale);
        expect(lines).toHaveLength(rows);
        for (const line of lines) expect(widthOf(line)).toBe(columns);
        expect(lines.map(textOf).join('')).toMatch(/[██▀▄]/);
      }
    }
  });
});
