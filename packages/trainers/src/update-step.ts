import type { Batch, Model, Optimizer } from '@fastweights/core';
import {
  addN,
  dispose,
  type NamedTensorMap,
  type Scalar,
  scalar,
  sqrt,
  square,
  sum,
  tidy,
} from '@tensorflow/tfjs-core';
import { differentiate } from './training-step.ts';
import type { TrainingGroup } from './workers/group.ts';
import { summedGradients, type Word } from './workers/summed-gradients.ts';

interface Updated {
  /** Before the update; on the device where nobody had to read it. */
  readonly loss: Scalar | number;
  /** Where it was asked for: the length of all gradients together. */
  readonly gradientNorm?: Scalar | undefined;
  /** What the leader has said; without a group, what was said. */
  readonly word: Word;
}

/** One update from a batch of `rows` rows, of which a worker is given its part. */
export type UpdateStep<B extends Batch> = (
  batch: B,
  rows: number,
  word: Word,
  isMeasured: boolean,
) => Promise<Updated> | Updated;

/** One update, alone or together with the other workers. */
export function updateStep<B extends Batch>(
  model: Model<B>,
  optimizer: Optimizer,
  group: TrainingGroup | undefined,
): UpdateStep<B> {
  if (!group) {
    const differentiated = differentiate(model);
    return (batch, _, word, isMeasured) => {
      const results = tidy(() => {
        const { loss, gradients } = differentiated(batch);
        optimizer.apply(gradients);
        return { loss, ...(isMeasured && { gradientNorm: normOf(gradients) }) };
      });
      return { ...results, word };
    };
  }
  const summed = summedGradients(model, group);
  return async (part, rows, word, isMeasured) => {
    const { loss, gradients, word: heard } = await summed(part, rows, word);
    try {
      optimizer.apply(gradients);
      return {
        loss,
        word: heard,
        ...(isMeasured && { gradientNorm: tidy(() => normOf(gradients)) }),
      };
    } finally {
      dispose(gradients);
    }
  };
}

/** Of all gradients together. */
const normOf = (gradients: NamedTensorMap): Scalar =>
  sqrt(addN([scalar(0), ...Object.values(gradients).map((one) => sum<Scalar>(square(one)))]));
