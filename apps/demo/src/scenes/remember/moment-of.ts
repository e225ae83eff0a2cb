import { sharesOf } from '../../charts/vectors.ts';
import type { Reading } from '../../recall/reading.ts';

/** What one step of a reading shows. */
export interface Moment {
  /** From 1, at most the length of the string that was read. */
  readonly step: number;
  readonly character: string;
  /** λ^(writes between) ⟨h(τ), h₀⟩ for each step before. */
  readonly weights: readonly number[];
  /** What each has of the whole; all 0 where nothing is attended to. */
  readonly shares: readonly number[];
  /** The steps before (from 0), the most attended to first. */
  readonly ranked: readonly number[];
  readonly matrixRead: readonly number[];
  readonly attentionRead: readonly number[];
  /** The largest difference between the two forms of the memory. */
  readonly difference: number;
}

export function momentOf(reading: Reading, wanted: number): Moment {
  const step = Math.min(wanted, reading.text.length);
  const weights = reading.weights[step - 1] ?? [];
  const shares = sharesOf(weights);
  const matrixRead = reading.matrixReads[step - 1] ?? [];
  const attentionRead = reading.attentionReads[step - 1] ?? [];
  return {
    step,
    character: reading.text[step - 1] ?? '',
    ...{ weights, shares, matrixRead, attentionRead },
    ranked: shares.map((_, i) => i).sort((a, b) => (shares[b] ?? 0) - (shares[a] ?? 0)),
    difference: matrixRead.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - (attentionRead[i] ?? 0))),
      0,
    ),
  };
}
