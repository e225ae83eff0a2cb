import { type Tensor2D, tensor2d } from '@tensorflow/tfjs-core';
import { ShapeError } from './errors.ts';

/** What a time step does; a step is a sum of these. Retrieval does `read + write` at every step. */
export const controlBits = {
  /** Settle under the fast weights: the inner loop runs. Without it, h = h₀. */
  read: 1,
  /** A ← λA + η h hᵀ, after the step. Decay counts writes, not steps. */
  write: 2,
  /** h ← 0, after the step (and after the write). */
  wipe: 4,
  /** The boundary uses the integration kernel, and h₀ = f(drive). */
  integrate: 8,
  /** Nothing happens: the whole state stays, whatever the other bits say. For padding. */
  hold: 16,
} as const;

/**
 * Control bits by sample and step, `[1 or batch][time]`; one row is for the whole batch.
 *
 * Plain numbers and no tensor: they decide which ops run, and a tensor's values cannot be read back in time on
 * every backend.
 */
export type Control = readonly (readonly number[])[];

/** One bit at one step: the same for the whole batch, or a bool mask `[batch, 1]`. */
export type Bit = boolean | Tensor2D;

export type StepBits = Readonly<Record<keyof typeof controlBits, Bit>>;

export const readAndWrite: number = controlBits.read | controlBits.write;

const ALL_BITS = Object.values(controlBits).reduce((sum, bit) => sum | bit, 0);

export const isWrite = (bits: number | undefined): boolean =>
  ((bits ?? 0) & controlBits.write) !== 0;

/**
 * A control in its simplest equal form: reads and writes everywhere if there is none, a single row where all samples
 * do the same, and no other bit beside `hold`.
 */
export function simplifyControl(control: Control | undefined, steps: number): Control {
  if (!control) return [new Array<number>(steps).fill(readAndWrite)];
  const rows = Array.from(control, (row) =>
    Array.from(row, (bits) => (bits & controlBits.hold ? controlBits.hold : bits)),
  );
  const same = rows.every((row) => row.every((bits, step) => bits === rows[0]?.[step]));
  return same ? rows.slice(0, 1) : rows;
}

export function checkControl(control: Control, batchSize: number, steps: number): void {
  const expected = `${batchSize === 1 ? 1 : `1 or ${batchSize}`} rows of ${steps} sums of control bits`;
  if (control.length !== 1 && control.length !== batchSize) {
    throw new ShapeError('control', expected, `${control.length} rows`);
  }
  Array.from(control).forEach((row, sample) => {
    if (row?.length !== steps) {
      throw new ShapeError('control', expected, `row ${sample} of length ${row?.length}`);
    }
    const odd = Array.from(row).findIndex(
      (bits) => !Number.isInteger(bits) || bits < 0 || bits > ALL_BITS,
    );
    if (odd >= 0) throw new ShapeError('control', expected, `${row[odd]} at [${sample}, ${odd}]`);
  });
}

/** The bits of one step, each collapsed to a boolean where all samples agree. */
export function stepBits(control: Control, step: number): StepBits {
  const bit = (mask: number): Bit => {
    const column = control.map((row) => ((row[step] ?? 0) & mask) !== 0);
    const first = column[0] === true;
    return column.every((on) => on === first)
      ? first
      : tensor2d(column.map(Number), [column.length, 1], 'bool');
  };
  return {
    read: bit(controlBits.read),
    write: bit(controlBits.write),
    wipe: bit(controlBits.wipe),
    integrate: bit(controlBits.integrate),
    hold: bit(controlBits.hold),
  };
}
