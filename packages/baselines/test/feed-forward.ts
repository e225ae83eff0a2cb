import { type Batch, countWeights, type Model, saveWeights, walkWeights } from '@fastweights/core';
import { centralDifferences, expectClose, expectNoLeaks } from '@fastweights/testing';
import {
  add,
  argMax,
  dispose,
  linspace,
  type Tensor,
  tidy,
  train,
  variableGrads,
} from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Layer } from './conv-net-oracle.ts';

export type Labelled = Batch & { readonly targets: Tensor };

export interface ModelUnderTest<B extends Labelled> {
  create(seed: number): Model<B>;
  batch(): B;
  readonly weightCount: number;
  /** The mean loss in plain numbers, from the layers in the order of the weights. */
  oracle(layers: readonly Layer[]): { readonly value: number; readonly pattern: boolean[] };
}

/** The kernels and biases of a model from their numbers, one after the other. */
function layersOf(model: Model, values: readonly number[]): Layer[] {
  const layers: Layer[] = [];
  let from = 0;
  const take = (count: number): number[] => {
    from += count;
    return values.slice(from - count, from);
  };
  for (const [path, weight] of walkWeights(model.weights)) {
    if (!path.endsWith('.kernel')) continue;
    const [inputs, outputs] = weight.shape as [number, number];
    const kernel = Array.from({ length: inputs }, () => take(outputs));
    layers.push({ kernel, bias: take(outputs) });
  }
  expect(from).toBe(values.length);
  return layers;
}

/** What every feed-forward model promises, whatever it computes. */
export function describeFeedForward<B extends Labelled>(
  name: string,
  { create, batch, weightCount, oracle }: ModelUnderTest<B>,
): void {
  describe(`${name} keeps the contract of a model`, () => {
    it('has as many weights as its layers need', () => {
      expect(countWeights(create(1).weights)).toBe(weightCount);
    });

    it('computes what the oracle computes, and its gradients', () => {
      const model = create(3);
      const named = [...walkWeights(model.weights)];
      for (const [path, weight] of named) {
        // Biases of 0 would hide whether they are used.
        if (path.endsWith('.bias'))
          tidy(() => weight.assign(add(weight, linspace(-0.2, 0.3, weight.size))));
      }
      const values = named.flatMap(([, weight]) => [...weight.dataSync()]);
      const inputs = batch();
      const { value, grads } = variableGrads(
        () => model.loss(inputs),
        named.map(([, weight]) => weight),
      );
      expectClose(value, oracle(layersOf(model, values)).value);
      const expected = centralDifferences((moved) => oracle(layersOf(model, moved)), values);
      const gradients = named.map(([, weight]) => grads[weight.name] as Tensor);
      expectClose(
        gradients.flatMap((gradient) => [...gradient.dataSync()]),
        expected,
      );
    });

    it('starts from its seed', async () => {
      const [a, b, c] = await Promise.all(
        [3, 3, 4].map((seed) => saveWeights(create(seed).weights)),
      );
      expect(a).toEqual(b);
      expect(a).not.toEqual(c);
    });

    it('leaves nothing behind', async () => {
      await expectNoLeaks(() => {
        const model = create(1);
        const inputs = batch();
        const { value, grads } = variableGrads(() => model.loss(inputs));
        dispose([value, grads, model.predict(inputs.inputs), inputs.inputs, inputs.targets]);
        model.dispose();
      });
    });
  });
}

/** Learns the labels of a batch by heart, which have nothing to do with what is in it. */
export function expectToLearnByHeart<B extends Labelled>(
  model: Model<B>,
  batch: B,
  updates: number,
): void {
  const optimizer = train.adam(0.02);
  const variables = [...walkWeights(model.weights)].map(([, weight]) => weight);
  for (let i = 0; i < updates; i++) {
    optimizer.minimize(() => model.loss(batch), false, variables);
  }
  const answers = tidy(() => [...argMax(model.predict(batch.inputs), 1).dataSync()]);
  expect(answers).toEqual([...batch.targets.dataSync()]);
}
