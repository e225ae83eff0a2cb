import type { FastWeightsTrace } from '@fastweights/cells';
import type { Batch, Dataset, Model, Optimizer } from '@fastweights/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { ExperimentConfig } from '../config/config.ts';

/** A model with what its cell does inside, where that is a fast-weights cell: its inputs → the trace. */
export interface TraceableModel<B extends Batch = Batch> extends Model<B> {
  trace?(inputs: Tensor): FastWeightsTrace;
}

/** The data of an experiment; each part is opened when it is first asked for, and then kept. */
export interface ExperimentData {
  training(): Promise<Dataset>;
  validation(): Promise<Dataset>;
  /** For the last word alone: nothing that is chosen may look at it. */
  test(): Promise<Dataset>;
  /** What the targets stand for, by their numbers. */
  classes(): Promise<readonly string[]>;
}

/** All that a config stands for, ready to be trained. */
export interface Experiment {
  readonly config: ExperimentConfig;
  readonly model: TraceableModel;
  readonly data: ExperimentData;
  /** A new optimiser of the model's weights. */
  optimizer(): Optimizer;
  dispose(): void;
}
