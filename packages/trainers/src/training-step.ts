import {
  type Batch,
  checkShape,
  type Model,
  type Optimizer,
  OptionError,
  replayed,
  type Weights,
  walkWeights,
} from '@fastweights/core';
import {
  engine,
  keep,
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
  const differentiated = differentiateWith({
    name: 'model',
    weights,
    isSteady,
    run: (batch) => ({ loss: loss(batch as unknown as B) }),
  });
  return (batch) => {
    const { loss, gradients } = differentiated(batch as unknown as NamedTensorMap);
    return { loss, gradients };
  };
}

interface Differentiable<Others extends NamedTensorMap> {
  /** Of what has the weights, for errors. */
  readonly name: string;
  readonly weights: Weights;
  readonly isSteady: boolean;
  run(inputs: NamedTensorMap): { readonly loss: Scalar; readonly others?: Others };
}

/** The same for any inputs by their names, and with other results than the loss. */
export function differentiateWith<Others extends NamedTensorMap>({
  name,
  weights,
  isSteady,
  run: runForward,
}: Differentiable<Others>): (
  inputs: NamedTensorMap,
) => LossAndGradients & { readonly others: Others } {
  const trained = [...walkWeights(weights)].filter(([, weight]) => weight.trainable);
  if (trained.length === 0) {
    throw new OptionError(`${name}.weights`, 'at least one trainable weight', 'without one');
  }
  const variables = trained.map(([, weight]) => weight);

  // The gradient that everything begins with is an input like the others: a replay must know where numbers come from.
  function run({ [SEED]: one, ...inputs }: NamedTensorMap): NamedTensorMap {
    const results: NamedTensorMap = {};
    const checked = (): Scalar => {
      const { loss, others } = runForward(inputs);
      checkShape('the loss', loss, []);
      for (const [key, other] of Object.entries(others ?? {})) results[OTHERS + key] = keep(other);
      return loss;
    };
    const { value, grads } = engine().gradients(checked, variables, one as Scalar, true);
    results[LOSS] = value;
    trained.forEach(([path], i) => {
      // None where a weight plays no part in the loss.
      const gradient = grads[i] as Tensor | null;
      if (gradient) results[path] = gradient;
    });
    return results;
  }

  const runOrReplay = isSteady ? replayed(run, variables) : run;
  return (inputs) => {
    const one = scalar(1);
    try {
      const gradients: NamedTensorMap = {};
      const others: NamedTensorMap = {};
      const { [LOSS]: loss, ...results } = runOrReplay({ ...inputs, [SEED]: one });
      for (const [key, result] of Object.entries(results)) {
        if (key.startsWith(OTHERS)) others[key.slice(OTHERS.length)] = result;
        else gradients[key] = result;
      }
      return { loss: loss as Scalar, gradients, others: others as Others };
    } finally {
      one.dispose();
    }
  };
}

/** No path of a weight is empty or begins like this, and no input has an empty name either. */
const LOSS = '';
const SEED = '';
const OTHERS = ':';

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
