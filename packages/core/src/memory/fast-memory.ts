import {
  type Tensor2D,
  type Tensor3D,
  type TensorContainerObject,
  tidy,
} from '@tensorflow/tfjs-core';
import { checkInteger, checkRange } from '../checks.ts';
import type { Bit, Control } from '../control.ts';

/**
 * A memory that is written at every step, forgotten slowly, and read by content:
 *
 *     A(t) = λ A(t−1) + η h(t) h(t)ᵀ     Ba et al. 2016, eq. 1
 *
 * Two forms hold exactly the same A: `attentionMemory` and `matrixMemory`. All functions are pure.
 */
export interface FastMemory<State extends TensorContainerObject> {
  /** Nothing written yet: A = 0. */
  empty(batchSize: number): State;
  /** A(t) q for one query per sample, `[batch, units]`; null while nothing has been written. */
  read(state: State, query: Tensor2D): Tensor2D | null;
  /** One write, `[batch, units]`, in the samples where `written` is on. */
  write(state: State, h: Tensor2D, written?: Bit): State;
  /** The writes of a whole sequence `[batch, time, units]` at the steps whose control says so. */
  writeAll(state: State, hs: Tensor3D, control: Control): State;
  /** A itself, `[batch, units, units]`. */
  matrix(state: State): Tensor3D;
}

export interface FastMemoryOptions {
  readonly units: number;
  /** λ, from 0 to 1: what one write leaves of the older ones. */
  readonly decayRate: number;
  /** η, at least 0: the strength of a write. */
  readonly learningRate: number;
}

export function checkMemory({ units, decayRate, learningRate }: FastMemoryOptions): void {
  checkInteger('units', units, 1);
  checkRange('decayRate', decayRate, 0, 1);
  checkRange('learningRate', learningRate, 0, Number.MAX_VALUE);
}

/** The same memory, whose functions leave nothing behind but what they return. */
export function tidied<State extends TensorContainerObject>(
  memory: FastMemory<State>,
): FastMemory<State> {
  return {
    empty: memory.empty,
    // tidy passes a null on, whatever its type says.
    read: (state, query) => tidy(() => memory.read(state, query) as Tensor2D),
    write: (state, h, written) => tidy(() => memory.write(state, h, written)),
    writeAll: (state, hs, control) => tidy(() => memory.writeAll(state, hs, control)),
    matrix: (state) => tidy(() => memory.matrix(state)),
  };
}
