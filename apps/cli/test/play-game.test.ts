import { setImmediate as settle } from 'node:timers/promises';
import { FastWeightsError } from '@fastweights/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Leaving, perform } from '../src/catch/perform.ts';
import { type PlayGame, playGame } from '../src/catch/play-game.ts';
import { wishedGame } from '../src/catch/play-options.ts';
import { playSummary } from '../src/catch/play-summary.ts';
import type { PlayingAgent } from '../src/catch/playing-agent.ts';
import { takeSeat } from '../src/catch/seat.ts';
import { textOf, widthOf } from '../src/terminal/line.ts';
import { openStage, type Stage } from '../src/terminal/stage.ts';
import { fakeTerminal } from './fake-terminal.ts';

const GAME = { size: 6, visibleFrames: 2, seed: 3 };
const RIGHT = '\x1b[C';
const LEFT = '\x1b[D';

/** Knows nothing, and always goes the same way. */
const goes = (action: number): PlayingAgent => ({
  name: 'a stubborn one',
  act: async () => ({ policy: [0, 1, 2].map((i) => Number(i === action)), value: 0 }),
  reset: () => {},
  dispose: () => {},
});

/** Which way the paddle has to go, and how far, for the first ball. */
function aim(): { key: string; strokes: number } {
  const [{ ball, paddle } = { ball: 0, paddle: 0 }] = takeSeat(GAME).worlds();
  const way = ball < paddle ? ball - paddle : Math.max(0, ball - paddle - 1);
  return { key: way < 0 ? LEFT : RIGHT, strokes: Math.abs(way) };
}

let stage: Stage | undefined;
afterEach(() => {
  stage?.close();
  vi.useRealTimers();
});

function start(game: PlayGame, columns = 80, rows = 24) {
  const terminal = fakeTerminal(columns, rows);
  stage = openStage(terminal);
  const leaving: Promise<Leaving> = perform(stage, game);
  return {
    ...terminal,
    leaving,
    screen: () => terminal.shown().join('\n'),
    /** Types, and waits until that has been answered. */
    async keys(...keys: string[]) {
      for (const key of keys) {
        terminal.type(key);
        for (let i = 0; i < 5; i++) await settle();
      }
    },
  };
}

describe('a game in turns', () => {
  it('is one frame for each key; the ball is caught, and fog lifts', async () => {
    const game = playGame({ game: GAME, pace: 0 });
    const { keys, screen, leaving, modes } = start(game);
    await keys(' ');
    expect(screen()).toContain('frame    1 of 6');
    expect(screen()).toMatch(/██/);
    const { key, strokes } = aim();
    for (let frame = 1; frame < GAME.size; frame++) {
      await keys(frame <= strokes ? key : ' ');
      const isBlank = frame + 1 > GAME.visibleFrames && frame + 1 < GAME.size;
      expect(screen().includes('░░')).toBe(isBlank);
      expect(screen().includes('██')).toBe(!isBlank);
    }
    expect(screen()).toContain('Caught!');
    expect(screen()).toContain('caught   1 of 1');
    await keys(' ', ' ');
    expect(screen()).toContain('frame    2 of 6');
    await keys('r');
    expect(screen()).toContain('caught   0 of 0');
    await keys('q');
    expect(await leaving).toBe('quit');
    stage?.close();
    expect(modes()).toEqual({ isRaw: false, isOtherScreen: false, cursorShown: true });
  });

  it('is a race with an agent, that has the same ball and a paddle of its own', async () => {
    const game = playGame({ game: GAME, pace: 0, against: goes(1) });
    const { keys, screen } = start(game);
    await keys(' ', RIGHT, RIGHT);
    const [person, agent] = game.state().players.map(({ worlds }) => worlds);
    expect(agent?.map(({ ball }) => ball)).toEqual(person?.map(({ ball }) => ball));
    expect(agent?.[0]).toEqual(person?.[0]);
    expect(agent?.at(-1)?.paddle).toBeLessThan(person?.at(-1)?.paddle as number);
    expect(screen()).toMatch(/you +0 of 0 +a st… 0 of 0/);
    await keys(' ', ' ', ' ');
    expect(screen()).toMatch(/The agent (caught it|missed by \d)\./);
  });
});

describe('a game by the clock', () => {
  it('begins with a key, goes on by itself, and stands still while it is paused', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const game = playGame({ game: GAME, pace: 4 });
    const { keys } = start(game);
    const frame = () => game.state().players[0]?.worlds.length;
    await vi.advanceTimersByTimeAsync(5000);
    expect(frame()).toBe(1);
    await keys(' ');
    await vi.advanceTimersByTimeAsync(260);
    expect(frame()).toBe(2);
    // A key in between does not keep time from going on.
    await vi.advanceTimersByTimeAsync(150);
    await keys('\x1b[B');
    await vi.advanceTimersByTimeAsync(100);
    expect(frame()).toBe(3);
    await keys(' ');
    await vi.advanceTimersByTimeAsync(5000);
    expect(frame()).toBe(3);
    expect(game.state().phase).toBe('paused');
    await keys(' ', '+');
    expect(game.state().pace).toBe(6);
    await vi.advanceTimersByTimeAsync(600);
    expect(game.state().phase).toBe('over');
    await vi.advanceTimersByTimeAsync(2600);
    expect(game.state().phase).toBe('playing');
    await keys('-', '-', '-', '-', '-', '-');
    expect(game.state().pace).toBe(0);
    await vi.advanceTimersByTimeAsync(5000);
    expect(game.state().phase).toBe('playing');
  });

  it('stands still while the window is too small, and says so', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const game = playGame({ game: GAME, pace: 10 });
    const { keys, resize, screen, leaving } = start(game);
    await keys(' ');
    resize(20, 6);
    await vi.advanceTimersByTimeAsync(5000);
    expect(screen()).toContain('This window is too');
    expect(game.state().players[0]?.worlds).toHaveLength(1);
    resize(80, 24);
    await vi.advanceTimersByTimeAsync(350);
    expect(game.state().players[0]?.worlds.length).toBeGreaterThan(1);
    await keys('\x03');
    expect(await leaving).toBe('ctrl-c');
  });
});

describe('the picture of a game', () => {
  it('fits into every terminal, in every phase', async () => {
    for (const size of [2, 16, 24]) {
      for (const against of [undefined, goes(2)]) {
        const game = playGame({ game: { size, visibleFrames: 1, seed: 1 }, pace: 0, against });
        for (let key = 0; key <= size; key++) {
          for (const columns of [10, 30, 40, 60, 80, 140]) {
            for (const rows of [5, 12, 24, 40]) {
              const { lines } = game.draw({ columns: columns - 1, rows: rows - 1 });
              if (rows > 5 && columns > 10) expect(lines.length).toBeLessThan(rows);
              for (const line of lines) {
                if (textOf(line).includes('│')) expect(textOf(line)).toMatch(/│.*│/);
              }
            }
          }
          await game.press('space', 0);
        }
      }
    }
  });

  it('has boards side by side where both fit, and the own one where not', () => {
    const game = playGame({ game: { ...GAME, size: 16 }, pace: 4, against: goes(0) });
    const widest = (columns: number): number =>
      Math.max(
        ...game
          .draw({ columns, rows: 23 })
          .lines.filter((line) => /[╭╰]/.test(textOf(line)))
          .map((line) => widthOf(line)),
      );
    expect(widest(79)).toBe(34 + 3 + 34);
    expect(widest(59)).toBe(18 + 3 + 18);
    expect(widest(37)).toBe(34);
  });
});

describe('what is asked for', () => {
  it('is the smaller game of the paper, or the one that the agent has learned', () => {
    expect(wishedGame({ seed: 5 })).toEqual({ size: 16, visibleFrames: 3, seed: 5 });
    expect(wishedGame({ size: 2, seed: 0 })).toEqual({ size: 2, visibleFrames: 2, seed: 0 });
    const learned = { size: 24, visibleFrames: 5 };
    expect(wishedGame({ seed: 5 }, learned)).toEqual({ ...learned, seed: 5 });
    expect(wishedGame({ visible: 1, seed: 5 }, learned)).toMatchObject({ visibleFrames: 1 });
    expect(wishedGame({}).seed).toBeGreaterThanOrEqual(0);
  });

  it.each([
    [{ size: 8, visible: 9 }, undefined, /--visible must be at most the size, 8, but it is 9/],
    [{ visible: 17 }, undefined, /--visible must be at most the size, 16/],
    [{ size: 16 }, { size: 24, visibleFrames: 5 }, /--size must be 24, .* Leave it out\./],
    [{ visible: 25 }, { size: 24, visibleFrames: 5 }, /at most the size, 24/],
  ])('is refused: %j, %j', (wishes, learned, message) => {
    expect(() => wishedGame(wishes, learned)).toThrow(FastWeightsError);
    expect(() => wishedGame(wishes, learned)).toThrow(message);
  });
});

describe('what is left of a game', () => {
  it('is the score, and how to have the same balls again', async () => {
    const game = playGame({ game: GAME, pace: 0, against: goes(0) });
    expect(playSummary(game.state(), { ...GAME, against: 'a b' })).toEqual([]);
    for (let key = 0; key < GAME.size; key++) await game.press('space', 0);
    const lines = playSummary(game.state(), { ...GAME, against: 'a b' }).map(textOf);
    expect(lines[0]).toMatch(/^You caught [01] of 1\. The agent caught [01]\.$/);
    expect(lines[2]).toContain("play catch --against 'a b' --visible 2 --seed 3");
  });
});
