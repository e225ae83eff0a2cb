import {
  attentionMemory,
  type Control,
  cheaperForm,
  checkFinite,
  checkInteger,
  checkShape,
  type FastWeightsScanAttrs,
  finalHidden,
  type MemoryForm,
  matrixMemory,
  ShapeError,
} from '@fastweights/core';
import { clone, type Tensor2D, type Tensor3D, zeros } from '@tensorflow/tfjs-core';

/**
 * What a fast-weights cell carries from step to step: the hidden state, and the memory in the form it has, either what
 * was written (`past`, `weights`; oldest first) or the matrix (`A`). A cell without a fast memory carries `h` alone.
 */
export type FastWeightsState = {
  /** `[batch, units]` */
  h: Tensor2D;
  /** `[writes, batch, units]` */
  past?: Tensor3D;
  /** `[writes, batch]` */
  weights?: Tensor2D;
  /** `[batch, units, units]` */
  A?: Tensor3D;
};

export interface FastWeightsStates {
  initial(batchSize: number): FastWeightsState;
  /** Throws unless the state fits the cell and the batch. */
  check(state: FastWeightsState, batchSize: number): void;
  /** The form that suits so many steps from the initial state. */
  formFor(steps: number): MemoryForm;
  /** The same state in the form that suits so many more steps. */
  inFormFor(state: FastWeightsState, steps: number): FastWeightsState;
  /** The state after a scan that started from `start`. */
  after(start: FastWeightsState, outputs: Tensor3D, control: Control): FastWeightsState;
}

/** The states of a cell whose memory has one form, or (`auto`) changes from attention to the matrix when that pays. */
export function fastWeightsStates(
  units: number,
  attrs: FastWeightsScanAttrs,
  form: MemoryForm | 'auto',
): FastWeightsStates {
  const remembers = attrs.learningRate > 0;
  const attention = attentionMemory({ units, ...attrs });
  const matrix = matrixMemory({ units, ...attrs });

  function initial(batchSize: number): FastWeightsState {
    checkInteger('batchSize', batchSize, 1);
    const h: Tensor2D = zeros([batchSize, units]);
    if (!remembers) return { h };
    return { h, ...(form === 'matrix' ? matrix : attention).empty(batchSize) };
  }

  function check(state: FastWeightsState, batchSize: number): void {
    checkShape('state.h', state.h, [batchSize, units]);
    const present = Object.entries(state).filter(([, tensor]) => tensor !== undefined);
    const keys = present
      .map(([name]) => name)
      .sort()
      .join(', ');
    const allowed = allowedKeys();
    if (!allowed.includes(keys)) {
      throw new ShapeError('state', `an object with ${allowed.join(' or ')}`, `one with ${keys}`);
    }
    for (const [name, tensor] of present) checkFinite(`state.${name}`, tensor);
    if (state.A) checkShape('state.A', state.A, [batchSize, units, units]);
    if (state.past) {
      checkShape('state.past', state.past, ['writes', batchSize, units]);
      checkShape('state.weights', state.weights, [state.past.shape[0], batchSize]);
    }
  }

  function allowedKeys(): string[] {
    if (!remembers) return ['h'];
    if (form === 'attention' || attrs.window) return ['h, past, weights'];
    return form === 'matrix' ? ['A, h'] : ['h, past, weights', 'A, h'];
  }

  /** For the writes there are and those to come. */
  function formFor(writes: number): MemoryForm {
    if (form !== 'auto') return form;
    return attrs.window ? 'attention' : cheaperForm(writes, units, attrs.innerSteps);
  }

  function inFormFor(state: FastWeightsState, steps: number): FastWeightsState {
    const { h, past, weights } = state;
    if (!past || !weights || formFor(past.shape[0] + steps) === 'attention') return state;
    return { h, A: attention.matrix({ past, weights }) };
  }

  function after(start: FastWeightsState, outputs: Tensor3D, control: Control): FastWeightsState {
    const h = finalHidden(outputs, control);
    const { A, past, weights } = start;
    if (A) return { h, A: clone(matrix.writeAll({ A }, outputs, control).A) };
    if (!past || !weights) return { h };
    // Cloned, since a memory that nothing was written to is the caller's own.
    const next = attention.writeAll({ past, weights }, outputs, control);
    return { h, past: clone(next.past), weights: clone(next.weights) };
  }

  return { initial, check, formFor, inFormFor, after };
}
