import {
  controlBits,
  type FastWeightsScanAttrs,
  isWrite,
  simplifyControl,
} from '@fastweights/core';

/** A control as the module wants it: several tables in one array, and where each begins. */
export interface ControlTables {
  /** 1, or one for each sample. */
  readonly rows: number;
  readonly values: Int32Array;
  readonly begins: Readonly<Record<TableName, number>>;
  /** The most slots (those of the past are in the first segment), and reading steps, of a segment. */
  readonly mostSlots: number;
  readonly mostReads: number;
}

export const TABLES = [
  /** `[rows][time]` */
  'bits',
  /** `[rows][time + 1]`: writes before each step. */
  'writesBefore',
  /** λ⁰, λ¹, …, as float32. */
  'powers',
  /** `[time + 1]`, over the whole batch: steps before each one at which anybody writes; reads; does not read. */
  'slotsBefore',
  'readsBefore',
  'plainsBefore',
  /** The steps at which anybody writes. */
  'slotSteps',
] as const;

type TableName = (typeof TABLES)[number];

export interface ControlOptions extends Pick<FastWeightsScanAttrs, 'control' | 'decayRate'> {
  readonly steps: number;
  readonly pastSlots: number;
  /** Steps of a segment. */
  readonly segment: number;
}

let last: { readonly key: string; readonly tables: ControlTables } | undefined;

/** The tables of a control; those of "read and write always", which training wants every time, are kept. */
export function controlTables(options: ControlOptions): ControlTables {
  const { control, decayRate, steps, pastSlots, segment } = options;
  if (control) return makeTables(options);
  const key = [decayRate, steps, pastSlots, segment].join();
  if (last?.key !== key) last = { key, tables: makeTables(options) };
  return last.tables;
}

function makeTables(options: ControlOptions): ControlTables {
  const { decayRate, steps, pastSlots, segment } = options;
  const control = simplifyControl(options.control, steps);
  const anybody = (test: (bits: number) => boolean): boolean[] =>
    Array.from({ length: steps }, (_, t) => control.some((row) => test(row[t] ?? 0)));
  const reads = (bits: number): boolean => (bits & controlBits.read) !== 0;
  const written = anybody(isWrite);
  const powers = Float32Array.from({ length: steps + 1 }, (_, n) => decayRate ** n);

  const tables: Record<TableName, ArrayLike<number>> = {
    bits: control.flat(),
    writesBefore: control.flatMap((row) => countBefore(row.map(isWrite))),
    powers: new Int32Array(powers.buffer),
    slotsBefore: countBefore(written),
    readsBefore: countBefore(anybody(reads)),
    plainsBefore: countBefore(anybody((bits) => !reads(bits))),
    slotSteps: written.flatMap((isWritten, t) => (isWritten ? [t] : [])),
  };
  const begins = {} as Record<TableName, number>;
  let size = 0;
  for (const name of TABLES) {
    begins[name] = size;
    size += tables[name].length;
  }
  const values = new Int32Array(size);
  for (const name of TABLES) values.set(tables[name], begins[name]);
  return {
    rows: control.length,
    values,
    begins,
    mostSlots: mostOfASegment(tables.slotsBefore, segment, pastSlots),
    mostReads: mostOfASegment(tables.readsBefore, segment, 0),
  };
}

/** How many are true before each place, and in all. */
function countBefore(flags: readonly boolean[]): number[] {
  const counts = [0];
  for (const flag of flags) counts.push((counts.at(-1) as number) + Number(flag));
  return counts;
}

function mostOfASegment(before: ArrayLike<number>, segment: number, inFirst: number): number {
  const steps = before.length - 1;
  let largest = 0;
  for (let start = 0; start < steps; start += segment) {
    const end = Math.min(start + segment, steps);
    const count = (before[end] as number) - (before[start] as number);
    largest = Math.max(largest, count + (start === 0 ? inFirst : 0));
  }
  return largest;
}
