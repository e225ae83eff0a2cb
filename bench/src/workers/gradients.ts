import type { Batch, Model } from '@fastweights/core';
import { differentiate } from '@fastweights/trainers';
import { tidy } from '@tensorflow/tfjs-core';
import type { Gradient } from './serve.ts';

/** The loss of a batch and all gradients, read back. */
export async function gradientsOf<B extends Batch>(
  model: Pick<Model<B>, 'weights' | 'loss'>,
  batch: B,
): Promise<{ loss: number; gradients: Map<string, Gradient> }> {
  const { loss, gradients } = tidy(() => ({ ...differentiate(model)(batch) }));
  const read = new Map<string, Gradient>();
  for (const [path, gradient] of Object.entries(gradients)) {
    const values = await gradient.data<'float32'>();
    read.set(path, { shape: gradient.shape, values: values.slice() });
    gradient.dispose();
  }
  const [value = Number.NaN] = await loss.data();
  loss.dispose();
  return { loss: value, gradients: read };
}
