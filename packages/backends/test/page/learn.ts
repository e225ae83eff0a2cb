import { type UseBackendOptions, useBackend } from '@fastweights/backends';
import {
  createWeight,
  fastWeightsScan,
  glorotUniform,
  linear,
  random,
  scaledIdentity,
  uniform,
} from '@fastweights/core';
import {
  losses,
  type Rank,
  reshape,
  type Scalar,
  slice,
  type Tensor3D,
  tensor3d,
  train,
} from '@tensorflow/tfjs-core';

export interface Lesson {
  readonly name: string;
  /** The codes of what was not taken. */
  readonly refused: Readonly<Record<string, string>>;
  /** At first, and after learning. */
  readonly losses: readonly number[];
}

const [B, T, H] = [32, 4, 16]; // batch, time, units

/** Takes a backend, and learns to recall the number that a sequence begins with. */
export async function learn(options: UseBackendOptions): Promise<Lesson> {
  const { name, refused } = await useBackend(options);
  const inputKernel = createWeight<Rank.R2>(glorotUniform(), [1, H], 1);
  const recurrentKernel = createWeight<Rank.R2>(scaledIdentity(0.5), [H, H], 2);
  const readout = createWeight<Rank.R2>(glorotUniform(), [H, 1], 3);
  const stream = random(4);
  const inputs = tensor3d(
    Array.from({ length: B * T }, () => uniform(stream, -1, 1)),
    [B, T, 1],
  );
  const answers = slice(inputs, [0, 0, 0], [B, 1, 1]);

  const loss = (): Scalar => {
    const drive: Tensor3D = reshape(linear(reshape(inputs, [B * T, 1]), inputKernel), [B, T, H]);
    const states = fastWeightsScan(
      { drive, recurrentKernel },
      {
        decayRate: 0.9,
        learningRate: 0.1,
        innerSteps: 1,
        layerNorm: [],
        settling: 'sustained',
        memory: 'attention',
      },
    );
    const last = reshape<Rank.R2>(slice(states, [0, T - 1, 0], [B, 1, H]), [B, H]);
    return losses.meanSquaredError(reshape(answers, [B, 1]), linear(last, readout));
  };
  const optimizer = train.adam(0.02);
  const found: number[] = [];
  for (let update = 0; update < 60; update++) {
    const value = optimizer.minimize(loss, true) as Scalar;
    found.push((await value.data())[0] as number);
    value.dispose();
  }
  return {
    name,
    refused: Object.fromEntries(refused.map(({ backend, code }) => [backend, code])),
    losses: [found[0] as number, found.at(-1) as number],
  };
}
