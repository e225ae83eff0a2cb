import {
  add,
  clone,
  expandDims,
  matMul,
  mul,
  reshape,
  sum,
  type Tensor2D,
  type Tensor3D,
  tensor,
  transpose,
  where,
  zeros,
} from '@tensorflow/tfjs-core';
import { type Bit, type Control, simplifyControl, stepBits } from '../control.ts';
import { checkMemory, type FastMemory, type FastMemoryOptions, tidied } from './fast-memory.ts';
import { writeStrengths } from './write-strengths.ts';

export type MatrixMemoryState = {
  /** `[batch, units, units]` */
  A: Tensor3D;
};

/** The memory as the matrix A itself: of fixed size, for agents, streams and long sequences. */
export function matrixMemory(options: FastMemoryOptions): FastMemory<MatrixMemoryState> {
  const { units, decayRate, learningRate } = options;
  checkMemory(options);

  const empty = (batchSize: number): MatrixMemoryState => ({ A: zeros([batchSize, units, units]) });

  function read({ A }: MatrixMemoryState, query: Tensor2D): Tensor2D {
    return sum(mul(A, expandDims(query, 1)), 2);
  }

  /** A(t) = λ A(t−1) + η h(t) h(t)ᵀ — eq. 1 */
  function write({ A }: MatrixMemoryState, h: Tensor2D, written: Bit = true): MatrixMemoryState {
    if (written === false) return { A };
    const outer = mul(expandDims(mul(h, learningRate), 2), expandDims(h, 1));
    const after = add<Tensor3D>(mul(A, decayRate), outer);
    return { A: written === true ? after : where(expandDims(written, 2), after, A) };
  }

  /** A(t) = λᵗ A(0) + η Σ_{τ≤t} λ^(t−τ) h(τ) h(τ)ᵀ — eq. 3 */
  function writeAll({ A }: MatrixMemoryState, hs: Tensor3D, given: Control): MatrixMemoryState {
    const [batchSize, steps] = hs.shape;
    const control = simplifyControl(given, steps);
    // One step alone needs fewer ops.
    if (steps === 1) {
      return write({ A }, reshape(hs, [batchSize, units]), stepBits(control, 0).write);
    }
    const { counts, strengths } = writeStrengths(control, options);
    if (counts.every((count) => count === 0)) return { A };
    const rows = control.length;
    const kept = tensor(
      counts.map((count) => decayRate ** count),
      [rows, 1, 1],
    );
    const last = strengths.flatMap((readers) => readers.at(-1) ?? []);
    const weighted = mul<Tensor3D>(hs, tensor(last, [rows, steps, 1]));
    return { A: add(mul(A, kept), matMul(transpose(weighted, [0, 2, 1]), hs)) };
  }

  return tidied({ empty, read, write, writeAll, matrix: ({ A }) => clone(A) });
}
