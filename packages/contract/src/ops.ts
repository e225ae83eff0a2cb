import {
  type AssociativeLstmScanInputs,
  adamUpdate,
  associativeLstmLastState,
  associativeLstmScan,
  controlBits,
  embed,
  type FastWeightsScanAttrs,
  fastWeightsLastState,
  fastWeightsScan,
  type LstmScanInputs,
  layerNorm,
  linear,
  lstmLastState,
  lstmScan,
  random,
  rmsPropUpdate,
  softmaxCrossEntropy,
  uniform,
  type WeightUpdate,
} from '@fastweights/core';
import {
  add,
  addN,
  concat,
  conv2d,
  depthwiseConv2d,
  gather,
  grads,
  maxPool,
  mul,
  type Rank,
  relu,
  reshape,
  square,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tensor,
  tensor1d,
  tensor2d,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Check } from './check.ts';
import { close, numbers, onBoth } from './compare.ts';
import { throughFused } from './fused.ts';

// Forward and every gradient of each op that this repository uses, against tfjs's cpu backend.

interface OpCase {
  readonly name: string;
  /** The fused kernels that may compute it: the first that the backend has must. Its gradient is `…Grad`. */
  readonly kernels?: readonly string[];
  /** An update of weights has none. */
  readonly withoutGradient?: boolean;
  readonly shapes: readonly (readonly number[])[];
  run(...inputs: Tensor[]): Tensor;
  readonly relative?: number;
}

const [B, T, H] = [3, 5, 6];
const attrs: FastWeightsScanAttrs = {
  decayRate: 0.9,
  learningRate: 0.5,
  innerSteps: 1,
  layerNorm: ['inner'],
  settling: 'sustained',
  memory: 'attention',
};
const ids = [4, 0, 2, 2, 1];
const { read, write, wipe, integrate, hold } = controlBits;

function scanCase(name: string, change: Partial<FastWeightsScanAttrs>): OpCase {
  return {
    name: `fastWeightsScan, ${name}`,
    kernels: ['FastWeightsScan'],
    shapes: [[B, T, H], [H, H], [H, H], [H], [H], [B, H]],
    run: (drive, W, Wint, gain, bias, h) =>
      fastWeightsScan(
        {
          drive: drive as Tensor3D,
          recurrentKernel: W as Tensor2D,
          integrationKernel: Wint as Tensor2D,
          gain: gain as Tensor1D,
          bias: bias as Tensor1D,
          h: h as Tensor2D,
        },
        { ...attrs, ...change },
      ),
  };
}

const lstmShapes = [
  [B, T, 4 * H],
  [H, 4 * H],
  [B, H],
  [B, H],
];

function lstmInputs([drive, recurrentKernel, h, c]: Tensor[]): LstmScanInputs {
  return {
    drive: drive as Tensor3D,
    recurrentKernel: recurrentKernel as Tensor2D,
    h: h as Tensor2D,
    c: c as Tensor2D,
  };
}

const associative = {
  heads: 2,
  permutations: [
    [2, 0, 1],
    [1, 0, 2],
  ],
};
const associativeWidth = ((1 + 8 * associative.heads) * H) / 2;
const associativeShapes = [
  [B, T, associativeWidth],
  [H, associativeWidth],
  [B, H],
  [B, associative.permutations.length, H],
];

function associativeInputs([drive, recurrentKernel, h, c]: Tensor[]): AssociativeLstmScanInputs {
  return {
    drive: drive as Tensor3D,
    recurrentKernel: recurrentKernel as Tensor2D,
    h: h as Tensor2D,
    c: c as Tensor3D,
  };
}

/** Two weights and their gradients, and two moments; between them there is room for a third weight of 4 numbers. */
const updateShapes = [[2, 3], [2, 3], [7], [7], [17], [17]];

function updateOf([a, da, b, db, ...moments]: Tensor[]): {
  readonly updates: readonly WeightUpdate[];
  readonly moments: readonly Tensor[];
} {
  const updates = [
    { weight: a as Tensor, gradient: da as Tensor, offset: 0 },
    { weight: b as Tensor, gradient: db as Tensor, offset: 10 },
  ];
  return { updates, moments };
}

const flat = (tensors: Tensor[]): Tensor =>
  concat(tensors.map((t) => reshape<Rank.R1>(t, [t.size])));

const cases: OpCase[] = [
  {
    name: 'linear with a bias and relu',
    kernels: ['FastWeightsLinear'],
    shapes: [[4, 3], [3, 5], [5]],
    run: (x, w, b) => linear(x as Tensor2D, w as Tensor2D, b as Tensor1D, 'relu'),
  },
  {
    name: 'linear, one row and one column',
    kernels: ['FastWeightsLinear'],
    shapes: [
      [1, 7],
      [7, 1],
    ],
    run: (x, w) => linear(x as Tensor2D, w as Tensor2D),
  },
  {
    name: 'embed',
    kernels: ['FastWeightsEmbed'],
    shapes: [[5, 3]],
    run: (table) => embed(tensor1d(ids, 'int32'), table as Tensor2D),
  },
  {
    name: 'softmaxCrossEntropy',
    kernels: ['FastWeightsSoftmaxCrossEntropy'],
    shapes: [[5, 6]],
    run: (logits) => softmaxCrossEntropy(logits as Tensor2D, tensor1d(ids, 'int32')),
  },
  {
    name: 'layerNorm',
    shapes: [[4, 6], [6], [6]],
    run: (x, gain, bias) => layerNorm(x, gain as Tensor1D, bias as Tensor1D),
  },
  scanCase('attention', {}),
  scanCase('matrix', { memory: 'matrix' }),
  scanCase('no inner step', { innerSteps: 0 }),
  scanCase('three inner steps', { innerSteps: 3 }),
  scanCase('normalised everywhere', { layerNorm: ['inner', 'preliminary', 'plain'] }),
  scanCase('without layer norm', { layerNorm: [], learningRate: 0.05 }),
  scanCase('settling freely', { settling: 'free', innerSteps: 2 }),
  scanCase('a window of two', { window: 2 }),
  scanCase('no memory', { learningRate: 0 }),
  scanCase('the control of the glimpses', {
    control: [[write | wipe, 0, 0, 0, read | integrate]],
  }),
  scanCase('a control per sample', {
    memory: 'matrix',
    control: [
      [3, 3, 3, 3, 3],
      [write | wipe, 0, hold, read | integrate, 3],
      [hold, 3, 1, 2, 3 | wipe],
    ],
  }),
  scanCase('a control and a window per sample', {
    window: 1,
    control: [
      [3, 3, 3, 3, 3],
      [3, 1, hold, 1, 1],
      [hold, 3, 1, 3, 1],
    ],
  }),
  {
    name: 'embed, ids of two axes',
    kernels: ['FastWeightsEmbed'],
    shapes: [[5, 3]],
    run: (table) => embed(tensor2d([4, 0, 2, 2, 1, 7], [2, 3], 'int32'), table as Tensor2D),
  },
  {
    name: 'fastWeightsLastState',
    kernels: ['FastWeightsLastState', 'FastWeightsScan'],
    shapes: [[B, T, H], [H, H], [H], [H]],
    run: (drive, W, gain, bias) =>
      fastWeightsLastState(
        {
          drive: drive as Tensor3D,
          recurrentKernel: W as Tensor2D,
          gain: gain as Tensor1D,
          bias: bias as Tensor1D,
        },
        attrs,
      ),
  },
  {
    name: 'lstmScan',
    kernels: ['FastWeightsLstmScan'],
    shapes: lstmShapes,
    run: (...inputs) => lstmScan(lstmInputs(inputs)),
  },
  {
    name: 'lstmLastState',
    kernels: ['FastWeightsLstmLastState', 'FastWeightsLstmScan'],
    shapes: lstmShapes,
    run: (...inputs) => lstmLastState(lstmInputs(inputs)),
  },
  {
    name: 'associativeLstmScan',
    kernels: ['FastWeightsAssociativeLstmScan'],
    shapes: associativeShapes,
    run: (...inputs) => associativeLstmScan(associativeInputs(inputs), associative),
  },
  {
    name: 'associativeLstmLastState',
    kernels: ['FastWeightsAssociativeLstmLastState', 'FastWeightsAssociativeLstmScan'],
    shapes: associativeShapes,
    run: (...inputs) => associativeLstmLastState(associativeInputs(inputs), associative),
  },
  {
    name: 'adamUpdate, one weight without a gradient',
    kernels: ['FastWeightsAdamUpdate'],
    withoutGradient: true,
    shapes: updateShapes,
    run: (...inputs) => {
      const { updates, moments } = updateOf(inputs);
      const [mean, meanSquare] = [moments[0] as Tensor1D, square(moments[1] as Tensor1D)];
      const rates = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
      const after = adamUpdate(updates, { mean, square: meanSquare }, { ...rates, updates: 3 });
      return flat([...after.weights, after.mean, after.square]);
    },
  },
  {
    name: 'rmsPropUpdate, one weight without a gradient',
    kernels: ['FastWeightsRmsPropUpdate'],
    withoutGradient: true,
    shapes: updateShapes,
    run: (...inputs) => {
      const { updates, moments } = updateOf(inputs);
      const before = { square: square(moments[1] as Tensor1D) };
      const rates = { learningRate: 0.01, decay: 0.9, epsilon: 1e-6 };
      const after = rmsPropUpdate(updates, before, rates);
      return flat([...after.weights, after.square]);
    },
  },
  // Not ours, but what the models of this repository are made of; tfjs's wasm backend needs help with each.
  {
    name: 'conv2d',
    shapes: [
      [2, 6, 6, 2],
      [3, 3, 2, 4],
    ],
    run: (x, w) => conv2d(x as Tensor4D, w as Tensor4D, 1, 'same'),
  },
  {
    name: 'depthwiseConv2d',
    shapes: [
      [2, 6, 6, 2],
      [3, 3, 2, 1],
    ],
    run: (x, w) => depthwiseConv2d(x as Tensor4D, w as Tensor4D, 1, 'valid'),
  },
  {
    name: 'gather',
    shapes: [[5, 3]],
    run: (table) => gather(table, tensor1d(ids, 'int32')),
  },
  {
    name: 'maxPool',
    shapes: [[2, 6, 6, 3]],
    run: (x) => maxPool(x as Tensor4D, 2, 2, 'valid'),
  },
  {
    name: 'maxPool of windows that are all negative',
    shapes: [[2, 6, 6, 3]],
    run: (x) => maxPool(add(mul(relu(x), 0.1), -5) as Tensor4D, 3, 2, 'same'),
  },
];

async function valueAndGradients({ shapes, run, withoutGradient }: OpCase): Promise<number[][]> {
  const stream = random(17);
  const draw = (shape: readonly number[]): Tensor => {
    const size = shape.reduce((product, side) => product * side, 1);
    const values = Array.from({ length: size }, () => uniform(stream, -1, 1));
    return tensor(values, [...shape], 'float32');
  };
  const tensors = tidy(() => {
    const inputs = shapes.map(draw);
    const value = run(...inputs);
    if (withoutGradient) return [value];
    const weights = draw([value.size]);
    // tfjs refuses the gradient of what plays no part; a part of nothing makes it zero.
    const nothing = (args: Tensor[]): Tensor => addN(args.map((arg) => sum(mul(arg, 0))));
    const gradients = grads((...args: Tensor[]) =>
      add(sum(mul(reshape<Rank.R1>(run(...args), [value.size]), weights)), nothing(args)),
    )(inputs);
    return [value, ...gradients];
  });
  const results = await Promise.all(tensors.map(numbers));
  for (const t of tensors) t.dispose();
  return results;
}

export const opChecks: readonly Check[] = cases.map((opCase) => ({
  name: opCase.name,
  async run() {
    const { kernels = [], withoutGradient } = opCase;
    const backward = withoutGradient ? [] : kernels.map((name) => `${name}Grad`);
    const { here, onCpu } = await onBoth(
      () => valueAndGradients(opCase),
      (work) => throughFused([kernels, backward], work),
    );
    here.forEach((values, i) => {
      const what = i === 0 ? 'the value' : `gradient ${i - 1}`;
      close(values, onCpu[i] as number[], what, { relative: opCase.relative ?? 1e-5 });
    });
  },
}));
