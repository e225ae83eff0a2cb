import { describe, expect, it } from 'vitest';
import { pendingMoves } from '../src/catch/moves.ts';

const [STAY, LEFT, RIGHT] = [0, 1, 2];

describe('the moves of a person', () => {
  it('are as many as the strokes, one per frame', () => {
    const moves = pendingMoves();
    for (const now of [0, 150, 300]) moves.press('right', now);
    expect(moves.left()).toBe(3);
    expect([1, 2, 3, 4].map(() => moves.take())).toEqual([RIGHT, RIGHT, RIGHT, STAY]);
  });

  it('go on while a key is held, and end with it', () => {
    const moves = pendingMoves();
    const taken: number[] = [];
    for (let now = 0; now < 1000; now += 33) {
      moves.press('left', now);
      if (now % 264 === 231) taken.push(moves.take());
    }
    expect(taken).toEqual([LEFT, LEFT, LEFT]);
    expect(Math.abs(moves.left())).toBeLessThanOrEqual(1);
  });

  it('are taken back by a stroke the other way', () => {
    const moves = pendingMoves();
    for (const now of [0, 200]) moves.press('right', now);
    moves.press('left', 210);
    expect(moves.left()).toBe(1);
    moves.press('left', 400);
    moves.press('left', 600);
    expect(moves.left()).toBe(-1);
    moves.clear();
    expect(moves.take()).toBe(STAY);
  });
});
