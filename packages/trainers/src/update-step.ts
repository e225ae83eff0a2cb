import type { Batch, Model, Optimizer } from '@fastweights/core';
import { dispose, type Scalar } from '@tensorflow/tfjs-core';
import { trainingStep } from './training-step.ts';
import type { TrainingGroup } from './workers/group.ts';
import { summedGradients, type Word } from './workers/summed-gradients.ts';

interface Updated {
  /** Before the update; on the device where nobody had to read it. */
  readonly loss: Scalar | number;
  /** What the leader has said; without a group, what was said. */
  readonly word: Word;
}

/** One update from a batch of `rows` rows, of which a worker is given its part. */
export type UpdateStep<B extends Batch> = (
  batch: B,
  rows: number,
  word: Word,
) => Promise<Updated> | Updated;

/** One update, alone or together with the other workers. */
export function updateStep<B extends Batch>(
  model: Model<B>,
  optimizer: Optimizer,
  group: TrainingGroup | undefined,
): UpdateStep<B> {
  if (!group) {
    const step = trainingStep(model, optimizer);
    return (batch, _, word) => ({ loss: step(batch), word });
  }
  const summed = summedGradients(model, group);
  return async (part, rows, word) => {
    const { loss, gradients, word: heard } = await summed(part, rows, word);
    try {
      optimizer.apply(gradients);
    } finally {
      dispose(gradients);
    }
    return { loss, word: heard };
  };
}
