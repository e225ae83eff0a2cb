import type {
  NamedTensorMap,
  Scalar,
  Tensor,
  Tensor1D,
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

/** An environment that can be left, and taken up again. */
export interface ResumableEnvironment extends Environment {
  /** Plain data. */
  snapshot(): unknown;
  /** Goes on from a snapshot of its own kind; what comes back is what the last `reset` or `step` before it gave. */
  restore(snapshot: never): Observation;
}

/** Something that acts on a stream of observations, and learns from what it has lived through. */
export interface Agent<State extends TensorContainerObject = TensorContainerObject> {
  readonly weights: Weights;
  readonly observationSize: number;
  readonly actions: number;
  initialState(batchSize: number): State;
  /**
   * One step: observations `[batch, observationSize]` and what was remembered → the policy's `[batch, actions]` before the
   * softmax, the return expected from here on `[batch]`, and what is remembered now.
   */
  act(observations: Tensor2D, state: State): { logits: Tensor2D; values: Tensor1D; state: State };
  /**
   * Whether `act` and `unroll` ask for the same ops each time that they are given the same shapes: no chance, no schedule, no
   * branch. A trainer may then replay them (see `replayed`), which is faster.
   */
  readonly isSteady?: boolean;
  /** The same for a sequence `[batch, time, observationSize]`, from the initial state if none is given: for a gradient. */
  unroll(observations: Tensor3D, state?: State): { logits: Tensor3D; values: Tensor2D };
  dispose(): void;
}

export interface Optimizer {
  /** That of the last update; before the first one that of the first. */
  readonly learningRate?: number;
  /**
   * Moves the weights once; gradients are named by their weights' paths.
   *
   * @param learningRate of this update, where somebody else than the optimiser has a schedule
   */
  apply(gradients: NamedTensorMap, learningRate?: number): void;
  save(): Promise<Uint8Array>;
  load(bytes: Uint8Array): void;
  /** What it remembers, kept where it is, to go back to: nothing is read, so that a GPU need not wait. */
  snapshot?(): Snapshot;
  /** The same as plain numbers, for workers that share one optimiser. */
  readonly memory?: OptimizerMemory;
  dispose(): void;
}

/** What an optimiser remembers, as one list of numbers that others may read and replace. */
export interface OptimizerMemory {
  /** How many numbers there are. */
  readonly size: number;
  /** Updates so far. */
  updates: number;
  read(into: Float32Array): Promise<void>;
  write(numbers: Float32Array): void;
}

/** How something was at a moment. */
export interface Snapshot {
  /** Makes it so again, as often as asked for. */
  restore(): void;
  dispose(): void;
}
