import type { Dataset } from '@fastweights/core';
import type { TraceableModel } from '@fastweights/experiments';
import { dispose } from '@tensorflow/tfjs-core';

/** How a classifier answers, class by class. */
export interface Confusion {
  readonly examples: number;
  readonly right: number;
  /** The mean of −log softmax(scores)[target], in nats. */
  readonly loss: number;
  /** `counts[target][answer]`. An answer that is no number is none, and counts nowhere. */
  readonly counts: readonly (readonly number[])[];
}

const BATCH_SIZE = 1000;

/** Of every example of a data set, once. */
export async function confusionOf(model: TraceableModel, data: Dataset): Promise<Confusion> {
  const counts: number[][] = [];
  let [examples, right, loss] = [0, 0, 0];
  for await (const batch of data.inOrder(BATCH_SIZE)) {
    const scores = model.predict(batch.inputs);
    const [values, targets] = await Promise.all([scores.data(), batch.targets.data()]);
    const classes = scores.shape[1] ?? 0;
    dispose([scores, batch.inputs, batch.targets]);
    targets.forEach((target, i) => {
      const row = [...values.slice(i * classes, (i + 1) * classes)];
      const answer = row.some(Number.isNaN) ? -1 : row.indexOf(Math.max(...row));
      const counted = counts[target] ?? Array<number>(classes).fill(0);
      if (answer >= 0) counted[answer] = (counted[answer] ?? 0) + 1;
      counts[target] = counted;
      if (answer === target) right++;
      loss += surprise(row, target);
      examples++;
    });
  }
  return { examples, right, loss: loss / examples, counts };
}

/** −log softmax(scores)[target] */
function surprise(scores: readonly number[], target: number): number {
  const most = Math.max(...scores);
  const sum = scores.reduce((total, score) => total + Math.exp(score - most), 0);
  return Math.log(sum) + most - (scores[target] ?? Number.NaN);
}
