import { type Batch, FastWeightsError, type Model, walkWeights } from '@fastweights/core';
import { dispose, type NamedTensorMap, tensor, tidy } from '@tensorflow/tfjs-core';
import { numbersLater, numbersNow } from '../numbers.ts';
import { differentiate } from '../training-step.ts';
import type { TrainingGroup } from './group.ts';

/** What a worker says along with its gradients; all hear what the leader has said. */
export interface Word {
  readonly stops: boolean;
  readonly breathes: boolean;
}

export interface SummedGradients {
  readonly loss: number;
  /** By the paths of their weights; whoever receives them disposes of them. */
  readonly gradients: NamedTensorMap;
  readonly word: Word;
}

// What is summed begins with these numbers, and for each weight how many workers have a gradient of it. What comes after that
// is weighed by each worker's share of the rows: the loss and all gradients.
const [ROWS, STOPS, BREATHES, HEAD] = [0, 1, 2, 3];

/** A worker's part of a batch of `rows` rows → the loss and the gradients of the whole batch. */
export function summedGradients<B extends Batch>(
  model: Pick<Model<B>, 'weights' | 'loss' | 'isSteady'>,
  group: TrainingGroup,
): (part: B, rows: number, word: Word) => Promise<SummedGradients> {
  const differentiated = differentiate(model);
  const weights = [...walkWeights(model.weights)].map(([path, weight]) => ({ path, weight }));
  const lossAt = HEAD + weights.length;
  const first = lossAt + 1;
  const size = weights.reduce((sum, { weight }) => sum + weight.size, first);
  const own = new Float32Array(size);

  /** Writes down what this worker found. */
  async function writeOwn(part: B): Promise<void> {
    const { loss, gradients } = tidy(() => ({ ...differentiated(part) }));
    const all = weights.map(({ path }) => gradients[path]);
    try {
      const [value, ...numbers] =
        numbersNow([loss, ...all]) ?? (await numbersLater([loss, ...all]));
      own[lossAt] = value?.[0] as number;
      let at = first;
      weights.forEach(({ weight }, i) => {
        const gradient = numbers[i];
        own[HEAD + i] = Number(gradient !== undefined);
        if (gradient) own.set(gradient, at);
        else own.fill(0, at, at + weight.size);
        at += weight.size;
      });
    } finally {
      dispose([loss, gradients]);
    }
  }

  return async (part, rows, word) => {
    const ownRows = part.inputs.shape[0] ?? 0;
    own.fill(0, 0, ownRows === 0 ? size : lossAt);
    if (ownRows > 0) await writeOwn(part);
    own[ROWS] = ownRows;
    if (group.index === 0) {
      own[STOPS] = Number(word.stops);
      own[BREATHES] = Number(word.breathes);
    }
    await group.sum(own, { own: ownRows / rows, from: lossAt });
    checkRows(own[ROWS] as number, rows);
    const gradients: NamedTensorMap = {};
    let at = first;
    weights.forEach(({ path, weight }, i) => {
      const end = at + weight.size;
      if (own[HEAD + i]) gradients[path] = tensor(own.subarray(at, end), weight.shape, 'float32');
      at = end;
    });
    return {
      loss: own[lossAt] as number,
      gradients,
      word: { stops: own[STOPS] === 1, breathes: own[BREATHES] === 1 },
    };
  };
}

function checkRows(found: number, expected: number): void {
  if (found === expected) return;
  const message =
    `The workers' parts of a batch have ${found} rows together, not ${expected}: ` +
    'the batches of a data set must heed their part, and all workers must train on the same data.';
  throw new FastWeightsError('parts', message);
}
