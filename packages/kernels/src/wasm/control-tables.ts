import {
  controlBits,
  type FastWeightsScanAttrs,
  isWrite,
  simplifyControl,
} from '@fastweights/core';

/** A control as the module wants it; "before" tables have one entry more than there are steps. */
export interface ControlTables {
  /** 1, or one for each sample. */
  readonly rows: number;
  /** `[rows][time]` */
  readonly bits: Int32Array;
  /** `[rows][time + 1]`: writes before each step. */
  readonly writesBefore: Int32Array;
  /** λ⁰, λ¹, … */
  readonly powers: Float32Array;
  /** `[time + 1]`, over the whole batch: steps before each one at which anybody writes; reads; does not read. */
  readonly slotsBefore: Int32Array;
  readonly readsBefore: Int32Array;
  readonly plainsBefore: Int32Array;
  /** The steps at which anybody writes. */
  readonly slotSteps: Int32Array;
  /** The most slots (those of the past are in the first segment), and reading steps, of a segment. */
  readonly mostSlots: number;
  readonly mostReads: number;
}

export function controlTables(
  { control: given, decayRate }: Pick<FastWeightsScanAttrs, 'control' | 'decayRate'>,
  steps: number,
  pastSlots: number,
  segment: number,
): ControlTables {
  const control = simplifyControl(given, steps);
  const anybody = (test: (bits: number) => boolean): boolean[] =>
    Array.from({ length: steps }, (_, t) => control.some((row) => test(row[t] ?? 0)));
  const reads = (bits: number): boolean => (bits & controlBits.read) !== 0;
  const written = anybody(isWrite);

  const slotsBefore = countBefore(written);
  const readsBefore = countBefore(anybody(reads));
  const most = (before: Int32Array, first = 0): number => {
    let largest = 0;
    for (let start = 0; start < steps; start += segment) {
      const end = Math.min(start + segment, steps);
      const count = (before[end] ?? 0) - (before[start] ?? 0) + (start === 0 ? first : 0);
      largest = Math.max(largest, count);
    }
    return largest;
  };
  return {
    rows: control.length,
    bits: Int32Array.from(control.flat()),
    writesBefore: Int32Array.from(control.flatMap((row) => [...countBefore(row.map(isWrite))])),
    powers: Float32Array.from({ length: steps + 1 }, (_, n) => decayRate ** n),
    slotsBefore,
    readsBefore,
    plainsBefore: countBefore(anybody((bits) => !reads(bits))),
    slotSteps: Int32Array.from(written.flatMap((isWritten, t) => (isWritten ? [t] : []))),
    mostSlots: most(slotsBefore, pastSlots),
    mostReads: most(readsBefore),
  };
}

/** How many are true before each place, and in all. */
function countBefore(flags: readonly boolean[]): Int32Array {
  const counts = new Int32Array(flags.length + 1);
  flags.forEach((flag, i) => {
    counts[i + 1] = (counts[i] ?? 0) + Number(flag);
  });
  return counts;
}
