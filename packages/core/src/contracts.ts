import type {
  NamedTensorMap,
  Scalar,
  Tensor,
  Tensor2D,
  Tensor3D,
  TensorContainerObject,
} from '@tensorflow/tfjs-core';
import type { Weights } from './weights.ts';

// The contracts that let packages meet without knowing each other.

/**
 * One step of a recurrent network over a batch. What the input contributes (`drive`: C x + b, four gates for an
 * LSTM) is separate from the recurrence, because it can be computed at once for all time steps, or for a whole
 * vocabulary.
 */
export interface RecurrentCell<State extends TensorContainerObject> {
  readonly inputSize: number;
  readonly units: number;
  readonly weights: Weights;
  initialState(batchSize: number): State;
  /** `[rows, inputSize]` → `[rows, any width]`; rows are independent of one another. */
  drive(input: Tensor2D): Tensor2D;
  /**
   * One time step: drive `[batch, width]` → output `[batch, units]` and the next state. Both are tensors of their own,
   * so that disposing one, or the old state, leaves the others whole.
   */
  step(drive: Tensor2D, state: State): [output: Tensor2D, state: State];
  /** A whole sequence: drive `[batch, time, width]` → outputs `[batch, time, units]` and the last state. */
  scan?(drive: Tensor3D, state: State): [outputs: Tensor3D, state: State];
  /** The outputs of `scan` alone, for who does not go on from the last state; from the initial state if none is given. */
  outputs?(drive: Tensor3D, state?: State): Tensor3D;
  /** The last of them alone: `[batch, units]`. */
  lastOutput?(drive: Tensor3D, state?: State): Tensor2D;
  dispose(): void;
}

/** Something with weights that can be trained on batches of one kind. */
export interface Model<B extends Batch = Batch> {
  readonly weights: Weights;
  /** The mean loss of the batch. */
  loss(batch: B): Scalar;
  /**
   * Whether the loss asks for the same ops each time that a batch has the same shapes: no chance, no schedule, no branch. A
   * trainer may then replay it (see `replayed`), which is faster.
   */
  readonly isSteady?: boolean;
  /** Scores, one row for each row of the inputs; the largest is the answer, and their softmax how sure it is. */
  predict(inputs: B['inputs']): Tensor2D;
  dispose(): void;
}

/** Tensors that belong together. Whoever receives a batch disposes of it. */
export interface Batch {
  readonly inputs: Tensor;
  readonly targets: Tensor;
}

/** Where in the stream of batches training stands, so that it can go on from there. */
export interface Position {
  readonly epoch: number;
  /** Examples of this epoch already given out. */
  readonly example: number;
}

/** One share of something that several workers do together. */
export interface Part {
  /** Which one: from 0 to `of` − 1. */
  readonly index: number;
  /** How many there are. */
  readonly of: number;
}

export interface Dataset<B extends Batch = Batch> {
  readonly size: number;
  /**
   * Shuffled batches without end, from a position on; the same position always continues the same way. The last of an epoch
   * has what is left of it.
   *
   * With a part, only these rows of each batch (`rangeOf`): its batches keep step with those of the other parts. Where a
   * batch has fewer rows than there are parts, that may be none: a batch of no rows.
   */
  batches(batchSize: number, from?: Position, part?: Part): AsyncIterable<B>;
  /** Every example once, in order; with a part, those of this part of the whole set. */
  inOrder(batchSize: number, part?: Part): AsyncIterable<B>;
}

/** Many copies of a world that advance together. */
export interface Environment {
  readonly batchSize: number;
  readonly observationSize: number;
  readonly actions: number;
  reset(seed: number): Observation;
  step(actions: Int32Array): Observation;
}

export interface Observation {
  /** `[batch, observationSize]`, row by row. */
  readonly observations: Float32Array;
  readonly rewards: Float32Array;
  /** 1 where the episode has just ended. */
  readonly ends: Uint8Array;
}

export interface Optimizer {
  /** That of the last update; before the first one that of the first. */
  readonly learningRate?: number;
  /** Moves the weights once; gradients are named by their weights' paths. */
  apply(gradients: NamedTensorMap): void;
  save(): Promise<Uint8Array>;
  load(bytes: Uint8Array): void;
  /** What it remembers, kept where it is, to go back to: nothing is read, so that a GPU need not wait. */
  snapshot?(): Snapshot;
  dispose(): void;
}

/** How something was at a moment. */
export interface Snapshot {
  /** Makes it so again, as often as asked for. */
  restore(): void;
  dispose(): void;
}
