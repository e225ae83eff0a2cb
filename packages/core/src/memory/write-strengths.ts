import { type Control, isWrite } from '../control.ts';

export interface WriteStrengths {
  /** How many writes each row makes in all. */
  readonly counts: readonly number[];
  /** `[row][reader][writer]`: η λ^(writes in between), as step `reader` finds what step `writer` wrote; `reader` = time means the end. */
  readonly strengths: readonly (readonly (readonly number[])[])[];
}

/** Eq. 3 in closed form: what is left at each step of each earlier write. A window keeps only the last writes. */
export function writeStrengths(
  control: Control,
  { decayRate, learningRate, window = Infinity }: StrengthOptions,
): WriteStrengths {
  const counts: number[] = [];
  const strengths = control.map((row) => {
    const before = [0];
    for (const bits of row) before.push((before.at(-1) as number) + Number(isWrite(bits)));
    counts.push(before.at(-1) as number);
    return before.map((seen, reader) =>
      row.map((bits, writer) => {
        const since = seen - (before[writer] as number) - 1;
        const remembered = writer < reader && isWrite(bits) && since < window;
        return remembered ? learningRate * decayRate ** since : 0;
      }),
    );
  });
  return { counts, strengths };
}

interface StrengthOptions {
  readonly decayRate: number;
  readonly learningRate: number;
  readonly window?: number | undefined;
}
