import {
  adamUpdate,
  associativeLstmScan,
  embed,
  type FastWeightsScanAttrs,
  type FastWeightsScanInputs,
  fastWeightsLastState,
  fastWeightsScan,
  linear,
  lstmScan,
  normal,
  permutation,
  random,
  softmaxCrossEntropy,
} from '@fastweights/core';
import {
  square,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tensor,
  tensor1d,
} from '@tensorflow/tfjs-core';

/** An op at one size; what it is differentiated by are its inputs. */
export interface OpCase {
  readonly name: string;
  /** Without it the op is its reference. */
  readonly kernelName: string;
  readonly shapes: readonly (readonly number[])[];
  /** An update of weights has no gradient. */
  readonly forwardOnly?: true;
  run(...inputs: Tensor[]): Tensor;
}

const scanAttrs: FastWeightsScanAttrs = {
  decayRate: 0.9,
  learningRate: 0.5,
  innerSteps: 1,
  layerNorm: ['inner'],
  settling: 'sustained',
  memory: 'attention',
};

export function scanCase(
  [batch, time, units]: readonly [batch: number, time: number, units: number],
  change: Partial<FastWeightsScanAttrs> = {},
): OpCase {
  const attrs = { ...scanAttrs, ...change };
  const { memory, innerSteps } = attrs;
  return {
    name: `fastWeightsScan [${batch}, ${time}, ${units}], ${memory}, S = ${innerSteps}`,
    kernelName: 'FastWeightsScan',
    shapes: [[batch, time, units], [units, units], [units], [units]],
    run: (...inputs) => fastWeightsScan(scanInputs(inputs), attrs),
  };
}

function scanInputs([
  drive,
  recurrentKernel,
  gain,
  bias,
]: readonly Tensor[]): FastWeightsScanInputs {
  return {
    drive: drive as Tensor3D,
    recurrentKernel: recurrentKernel as Tensor2D,
    gain: gain as Tensor1D,
    bias: bias as Tensor1D,
  };
}

/** What a training step of retrieval wants: h(T) alone. */
function lastStateCase([batch, time, units]: readonly [number, number, number]): OpCase {
  const whole = scanCase([batch, time, units]);
  return {
    ...whole,
    name: whole.name.replace('fastWeightsScan', 'fastWeightsLastState'),
    kernelName: 'FastWeightsLastState',
    run: (...inputs) => fastWeightsLastState(scanInputs(inputs), scanAttrs),
  };
}

function lstmCase([batch, time, units]: readonly [number, number, number]): OpCase {
  return {
    name: `lstmScan [${batch}, ${time}, ${units}]`,
    kernelName: 'FastWeightsLstmScan',
    shapes: [
      [batch, time, 4 * units],
      [units, 4 * units],
    ],
    run: (drive, recurrentKernel) =>
      lstmScan({ drive: drive as Tensor3D, recurrentKernel: recurrentKernel as Tensor2D }),
  };
}

function associativeLstmCase([batch, time, units]: readonly [number, number, number]): OpCase {
  const [heads, copies] = [3, 4];
  const stream = random(6);
  const attrs = {
    heads,
    permutations: Array.from({ length: copies }, () => [...permutation(stream, units / 2)]),
  };
  const width = ((1 + 8 * heads) * units) / 2;
  return {
    name: `associativeLstmScan [${batch}, ${time}, ${units}], ${heads} heads, ${copies} copies`,
    kernelName: 'FastWeightsAssociativeLstmScan',
    shapes: [
      [batch, time, width],
      [units, width],
    ],
    run: (drive, recurrentKernel) =>
      associativeLstmScan(
        { drive: drive as Tensor3D, recurrentKernel: recurrentKernel as Tensor2D },
        attrs,
      ),
  };
}

/** Ids are read anew by every call of `embed`, and belong to the case. */
const ids = (count: number, below: number): Tensor1D =>
  tensor1d(
    Int32Array.from({ length: count }, (_, i) => (i * 7) % below),
    'int32',
  );

export const opCases: readonly OpCase[] = [
  scanCase([128, 11, 20]),
  scanCase([128, 11, 50]),
  scanCase([128, 11, 50], { memory: 'matrix' }),
  scanCase([128, 11, 50], { innerSteps: 3 }),
  scanCase([128, 11, 100]),
  scanCase([32, 64, 100]),
  lastStateCase([128, 11, 50]),
  lstmCase([128, 11, 20]),
  lstmCase([128, 11, 50]),
  associativeLstmCase([128, 11, 50]),
  {
    name: 'linear [128, 50] · [50, 100], relu',
    kernelName: 'FastWeightsLinear',
    shapes: [[128, 50], [50, 100], [100]],
    run: (x, kernel, bias) => linear(x as Tensor2D, kernel as Tensor2D, bias as Tensor1D, 'relu'),
  },
  {
    name: 'embed 1408 ids in [37, 50]',
    kernelName: 'FastWeightsEmbed',
    shapes: [[37, 50]],
    run: (table) => embed(ids(1408, 37), table as Tensor2D),
  },
  {
    name: 'softmaxCrossEntropy [128, 10]',
    kernelName: 'FastWeightsSoftmaxCrossEntropy',
    shapes: [[128, 10]],
    run: (logits) => softmaxCrossEntropy(logits as Tensor2D, ids(128, 10)),
  },
  {
    name: 'adamUpdate of 100 × 100 and 100 weights',
    kernelName: 'FastWeightsAdamUpdate',
    shapes: [[100, 100], [100], [100, 100], [100], [10100]],
    forwardOnly: true,
    run: (...inputs) => {
      const [matrix, vector, matrixGradient, vectorGradient, mean] = inputs as [
        ...[Tensor, Tensor, Tensor, Tensor],
        Tensor1D,
      ];
      const { weights } = adamUpdate(
        [
          { weight: matrix, gradient: matrixGradient, offset: 0 },
          { weight: vector, gradient: vectorGradient, offset: 10_000 },
        ],
        { mean, square: square(mean) },
        { updates: 1, learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
      );
      return weights[0] as Tensor;
    },
  },
];

/** Numbers as a network has them: around 0, those of a gain like any other. */
export function drawInputs({ shapes }: Pick<OpCase, 'shapes'>): Tensor[] {
  const stream = random(5);
  return shapes.map((shape) => {
    const size = shape.reduce((product, side) => product * side, 1);
    const scale = 1 / Math.sqrt(shape.length > 1 ? (shape.at(-1) ?? 1) : 1);
    const values = Float32Array.from({ length: size }, () => scale * normal(stream));
    return tensor(values, [...shape]);
  });
}
