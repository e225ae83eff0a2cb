import {
  concat,
  expandDims,
  fill,
  matMul,
  mul,
  type Rank,
  slice,
  stack,
  sum,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tensor2d,
  tile,
  transpose,
  where,
  zeros,
} from '@tensorflow/tfjs-core';
import { checkInteger } from '../checks.ts';
import { type Bit, type Control, isWrite, simplifyControl, stepBits } from '../control.ts';
import { splitSteps } from '../time-steps.ts';
import { checkMemory, type FastMemory, type FastMemoryOptions, tidied } from './fast-memory.ts';

/** The states that were written, oldest first, and what is left of each: η λ^(writes since). */
export type AttentionMemoryState = {
  /** `[writes, batch, units]` */
  past: Tensor3D;
  /** `[writes, batch]`; 0 marks a slot that a sample has not written. */
  weights: Tensor2D;
};

export interface AttentionMemoryOptions extends FastMemoryOptions {
  /** Only the last so many writes of a sample are kept. */
  readonly window?: number | undefined;
}

/**
 * The memory as attention over what was written, without a matrix:
 *
 *     A(t) q = η Σ_{τ≤t} λ^(t−τ) h(τ) [h(τ)ᵀ q]     Ba et al. 2016, eq. 4
 *
 * Exact; smaller and cheaper than the matrix while there are fewer writes than units, but it grows with every write.
 */
export function attentionMemory(options: AttentionMemoryOptions): FastMemory<AttentionMemoryState> {
  const { units, decayRate, learningRate, window } = options;
  checkMemory(options);
  if (window !== undefined) checkInteger('window', window, 1);

  const empty = (batchSize: number): AttentionMemoryState => ({
    past: zeros([0, batchSize, units]),
    weights: zeros([0, batchSize]),
  });

  function read(state: AttentionMemoryState, query: Tensor2D): Tensor2D | null {
    const { past, weights } = forget(state);
    if (past.shape[0] === 0) return null;
    const scores = sum(mul(past, query), 2); // [writes, batch]
    return sum(mul(past, expandDims(mul(weights, scores), 2)), 0);
  }

  function write(
    state: AttentionMemoryState,
    h: Tensor2D,
    written: Bit = true,
  ): AttentionMemoryState {
    if (written === false) return state;
    const [batchSize] = h.shape;
    const kept = mul<Tensor2D>(state.weights, decayRate);
    const after = {
      past: append(state.past, expandDims<Tensor3D>(h, 0)),
      weights: append(kept, fill([1, batchSize], learningRate) as Tensor2D),
    };
    if (written === true) return forget(after);
    // A sample that writes nothing gets an empty slot at the old end, so that its writes stay the newest: a window
    // then holds its own last writes, whoever else is in the batch.
    const idle = {
      past: append(zeros<Rank.R3>([1, batchSize, units]), state.past),
      weights: append(zeros<Rank.R2>([1, batchSize]), state.weights),
    };
    const mask: Tensor2D = transpose(written); // [1, batch]
    return forget({
      past: where<Tensor3D>(expandDims(mask, 2), after.past, idle.past),
      weights: where<Tensor2D>(mask, after.weights, idle.weights),
    });
  }

  function writeAll(
    state: AttentionMemoryState,
    hs: Tensor3D,
    given: Control,
  ): AttentionMemoryState {
    const steps = splitSteps(hs);
    const control = simplifyControl(given, steps.length);
    const [row] = control;
    // One step alone needs fewer ops.
    if (row === undefined || control.length > 1 || steps.length === 1) {
      return steps.reduce((s, h, step) => write(s, h, stepBits(control, step).write), state);
    }
    const written = steps.filter((_, step) => isWrite(row[step]));
    if (written.length === 0) return state;
    const fresh = tensor2d(
      written.map((_, i) => [learningRate * decayRate ** (written.length - 1 - i)]),
    );
    return forget({
      past: append(state.past, stack(written) as Tensor3D),
      weights: append(
        mul(state.weights, decayRate ** written.length),
        tile(fresh, [1, hs.shape[0]]),
      ),
    });
  }

  function forget(state: AttentionMemoryState): AttentionMemoryState {
    const { past, weights } = state;
    const [writes, batchSize] = weights.shape;
    if (window === undefined || writes <= window) return state;
    return {
      past: slice(past, [writes - window, 0, 0], [window, batchSize, units]),
      weights: slice(weights, [writes - window, 0], [window, batchSize]),
    };
  }

  function matrix({ past, weights }: AttentionMemoryState): Tensor3D {
    const [writes, batchSize] = weights.shape;
    if (writes === 0) return zeros([batchSize, units, units]);
    const weighted = mul<Tensor3D>(past, expandDims(weights, 2));
    return matMul(transpose(weighted, [1, 2, 0]), transpose(past, [1, 0, 2]));
  }

  return tidied({ empty, read, write, writeAll, matrix });
}

/** `concat`, which must not be handed an empty part: its gradient would cut one out of nothing. */
function append<R extends Rank>(a: Tensor<R>, b: Tensor<R>): Tensor<R> {
  return a.shape[0] === 0 ? b : concat([a, b], 0);
}
