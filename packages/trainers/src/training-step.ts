import { type Batch, type Model, type Optimizer, walkWeights } from '@fastweights/core';
import {
  type NamedTensorMap,
  type Scalar,
  tidy,
  type Variable,
  variableGrads,
} from '@tensorflow/tfjs-core';

export interface LossAndGradients {
  readonly loss: Scalar;
  /** By the paths of their weights. */
  readonly gradients: NamedTensorMap;
}

/** A function from a batch to its loss and the gradients of all weights. */
export function differentiate<B extends Batch>({
  weights,
  loss,
}: Pick<Model<B>, 'weights' | 'loss'>): (batch: B) => LossAndGradients {
  const variables: Variable[] = [];
  const paths = new Map<string, string>();
  for (const [path, weight] of walkWeights(weights)) {
    variables.push(weight);
    paths.set(weight.name, path);
  }
  return (batch) => {
    const { value, grads } = variableGrads(() => loss(batch), variables);
    const gradients: NamedTensorMap = {};
    for (const [name, gradient] of Object.entries(grads)) {
      gradients[paths.get(name) ?? name] = gradient;
    }
    return { loss: value, gradients };
  };
}

/** One update; the loss before it comes back unread, since reading makes a GPU wait. */
export function trainingStep<B extends Batch>(
  model: Pick<Model<B>, 'weights' | 'loss'>,
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
