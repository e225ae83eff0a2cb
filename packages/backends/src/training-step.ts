import { fastWeightsScan, linear, softmaxCrossEntropy } from '@fastweights/core';
import {
  grads,
  reshape,
  slice,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core';

export interface StepSizes {
  readonly batchSize: number;
  readonly time: number;
  readonly units: number;
}

export interface StepResult {
  readonly loss: number;
  readonly gradients: Readonly<Record<string, Float32Array>>;
}

export const DECAY_RATE = 0.9;
export const LEARNING_RATE = 0.5;
export const ANSWERS = 3;

/** What is learnt, with its shape; and the drive. */
export function stepShapes({ batchSize, time, units }: StepSizes): Record<string, number[]> {
  return {
    drive: [batchSize, time, units],
    recurrentKernel: [units, units],
    gain: [units],
    bias: [units],
    output: [units, ANSWERS],
  };
}

let made: { readonly key: string; readonly values: Record<string, number[]> } | undefined;

/** Numbers that look irregular and are the same everywhere, exactly, also in float32; made once for several steps. */
export function stepValues(sizes: StepSizes): Record<string, number[]> {
  const key = JSON.stringify(sizes);
  if (made?.key !== key) made = { key, values: makeValues(sizes) };
  return made.values;
}

function makeValues(sizes: StepSizes): Record<string, number[]> {
  const values: Record<string, number[]> = {};
  let n = 0;
  for (const [name, shape] of Object.entries(stepShapes(sizes))) {
    const size = shape.reduce((product, side) => product * side, 1);
    // A quadratic residue walk in steps of 1/256.
    values[name] = Array.from({ length: size }, () => {
      n++;
      return (((n * n * 37 + n * 101) % 509) - 254) / 256;
    });
  }
  return values;
}

export const stepLabels = ({ batchSize }: StepSizes): number[] =>
  Array.from({ length: batchSize }, (_, sample) => sample % ANSWERS);

/** One training step of a small fast-weights classifier: its loss and all gradients, read back. */
export async function trainingStep(sizes: StepSizes): Promise<StepResult> {
  const shapes = stepShapes(sizes);
  const values = stepValues(sizes);
  const names = Object.keys(shapes);
  const { batchSize, time, units } = sizes;

  const tensors = tidy(() => {
    const inputs = names.map((name) => tensor(values[name] as number[], shapes[name], 'float32'));
    const labels = tensor(stepLabels(sizes), [batchSize], 'int32') as Tensor1D;
    const loss = (...args: Tensor[]): Tensor => {
      const [drive, recurrentKernel, gain, bias, output] = args;
      const outputs = fastWeightsScan(
        {
          drive: drive as Tensor3D,
          recurrentKernel: recurrentKernel as Tensor2D,
          gain: gain as Tensor1D,
          bias: bias as Tensor1D,
        },
        {
          decayRate: DECAY_RATE,
          learningRate: LEARNING_RATE,
          innerSteps: 1,
          layerNorm: ['inner'],
          settling: 'sustained',
          memory: 'attention',
        },
      );
      const last = slice(outputs, [0, time - 1, 0], [batchSize, 1, units]);
      const logits = linear(reshape(last, [batchSize, units]), output as Tensor2D);
      return softmaxCrossEntropy(logits, labels);
    };
    return [loss(...inputs), ...grads(loss)(inputs)];
  });
  const [loss, ...gradients] = await Promise.all(tensors.map((t) => t.data<'float32'>()));
  for (const t of tensors) t.dispose();
  return {
    loss: loss?.[0] ?? Number.NaN,
    gradients: Object.fromEntries(names.map((name, i) => [name, gradients[i] as Float32Array])),
  };
}
