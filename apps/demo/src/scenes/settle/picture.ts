import { cosine, sharesOf, sizeOf } from '../../charts/vectors.ts';
import type { Loop, Settling } from '../../recall/settling.ts';
import { movesOf } from './moves.ts';

/** What the figure shows of a moment, with S reads. */
export interface Picture {
  readonly characters: readonly string[];
  /** The character that is read. */
  readonly now: string;
  readonly reads: number;
  /** For h₀ … h₅. */
  readonly shares: readonly (readonly number[])[];
  /** The two steps (from 0) that h_S attends to most. */
  readonly top: readonly number[];
  /** What those two had of h₀'s attention, and have of h_S's. */
  readonly before: number;
  readonly after: number;
  readonly moves: readonly number[];
  readonly size: number;
  readonly diverges: boolean;
  /** What the network would answer from h_S. */
  readonly answer: number;
  readonly probability: number;
}

export function pictureOf(settling: Settling, loop: Loop, reads: number): Picture {
  const shares = loop.weights.map(sharesOf);
  const last = shares[reads] ?? [];
  const top = strongest(last);
  const sumOf = (row: readonly number[] = []): number =>
    top.reduce((sum, i) => sum + (row[i] ?? 0), 0);
  const moves = movesOf(loop).slice(0, reads);
  const likely = loop.probabilities[reads] ?? [];
  const probability = Math.max(...likely);
  return {
    characters: [...settling.text.slice(0, settling.step - 1)],
    now: settling.text[settling.step - 1] ?? '',
    reads,
    ...{ shares, top, moves, probability },
    before: sumOf(shares[0]),
    after: sumOf(last),
    size: sizeOf(loop.hidden[reads] ?? []),
    diverges: reads > 1 && !((moves.at(-1) ?? 0) < (moves[0] ?? 0)),
    answer: likely.indexOf(probability),
  };
}

/** The two largest, by place. */
export const strongest = (shares: readonly number[]): number[] =>
  shares
    .map((_, i) => i)
    .sort((a, b) => (shares[b] ?? 0) - (shares[a] ?? 0))
    .slice(0, 2)
    .filter((i) => (shares[i] ?? 0) > 0);

export interface Collision {
  readonly steps: readonly [number, number];
  readonly cosine: number;
}

/** Which two writes are most alike, of those that do not follow one another. */
export function collisionIn(past: readonly (readonly number[])[]): Collision | undefined {
  let most: Collision | undefined;
  past.forEach((a, i) => {
    for (let j = i + 2; j < past.length; j++) {
      const alike = cosine(a, past[j] ?? []);
      if (!most || alike > most.cosine) most = { steps: [i, j], cosine: alike };
    }
  });
  return most;
}
