import {
  type Batch,
  checkShape,
  type Model,
  type Optimizer,
  OptionError,
  replayed,
  walkWeights,
} from '@fastweights/core';
import {
  engine,
  type NamedTensorMap,
  type Scalar,
  scalar,
  type Tensor,
  tidy,
} from '@tensorflow/tfjs-core';

export interface LossAndGradients {
  readonly loss: Scalar;
  /** By the paths of their weights. */
  readonly gradients: NamedTensorMap;
}

/** A function from a batch to its loss and the gradients of all weights that are trainable by now. */
export function differentiate<B extends Batch>({
  weights,
  loss,
  isSteady = false,
}: Pick<Model<B>, 'weights' | 'loss' | 'isSteady'>): (batch: B) => LossAndGradients {
  const trained = [...walkWeights(weights)].filter(([, weight]) => weight.trainable);
  if (trained.length === 0) {
    throw new OptionError('model.weights', 'at least one trainable weight', 'without one');
  }
  const variables = trained.map(([, weight]) => weight);

  // The gradient that everything begins with is an input like the batch: a replay must know where numbers come from.
  function run({ [SEED]: one, ...batch }: NamedTensorMap): NamedTensorMap {
    const checked = (): Scalar => {
      const value = loss(batch as unknown as B);
      checkShape('the loss', value, []);
      return value;
    };
    const { value, grads } = engine().gradients(checked, variables, one as Scalar, true);
    const results: NamedTensorMap = { [LOSS]: value };
    trained.forEach(([path], i) => {
      // None where a weight plays no part in the loss.
      const gradient = grads[i] as Tensor | null;
      if (gradient) results[path] = gradient;
    });
    return results;
  }

  const runOrReplay = isSteady ? replayed(run, variables) : run;
  return (batch) => {
    const one = scalar(1);
    try {
      const { [LOSS]: value, ...gradients } = runOrReplay({
        ...(batch as unknown as NamedTensorMap),
        [SEED]: one,
      });
      return { loss: value as Scalar, gradients };
    } finally {
      one.dispose();
    }
  };
}

/** No path of a weight is empty, and no part of a batch either. */
const LOSS = '';
const SEED = '';

/** One update; the loss before it comes back unread, since reading makes a GPU wait. */
export function trainingStep<B extends Batch>(
  model: Pick<Model<B>, 'weights' | 'loss' | 'isSteady'>,
  optimizer: Pick<Optimizer, 'apply'>,
): (batch: B) => Scalar {
  const differentiated = differentiate(model);
  return (batch) =>
    tidy(() => {
      const { loss, gradients } = differentiated(batch);
      optimizer.apply(gradients);
      return loss;
    });
}
