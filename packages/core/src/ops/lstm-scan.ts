import {
  add,
  mul,
  sigmoid,
  split,
  type Tensor2D,
  type Tensor3D,
  tanh,
  zeros,
} from '@tensorflow/tfjs-core';
import { checkShape } from '../checks.ts';
import { ShapeError } from '../errors.ts';
import { fusable } from '../fusable.ts';
import { joinSteps, splitSteps } from '../time-steps.ts';
import { product } from './product.ts';
import { stepOf } from './step-of.ts';

export type LstmScanInputs = {
  /** C x(t) + b of the four gates, in the order input, forget, candidate, output: `[batch, time, 4 · units]` */
  readonly drive: Tensor3D;
  /** `[units, 4 · units]` */
  readonly recurrentKernel: Tensor2D;
  /** h(0) and c(0), `[batch, units]`; zero where absent. */
  readonly h?: Tensor2D | undefined;
  readonly c?: Tensor2D | undefined;
};

const differentiable = ['drive', 'recurrentKernel', 'h', 'c'] as const;

const run = fusable<LstmScanInputs, Record<never, never>, Tensor3D>({
  kernelName: 'FastWeightsLstmScan',
  differentiable,
  /**
   *     i, f, g, o = C x(t) + b + W h(t−1)
   *     c(t) = σ(f) c(t−1) + σ(i) tanh(g)
   *     h(t) = σ(o) tanh(c(t))
   */
  reference({ drive, recurrentKernel, h: h0, c: c0 }) {
    const nothing: Tensor2D = zeros([drive.shape[0], recurrentKernel.shape[0]]);
    let [h, c] = [h0, c0 ?? nothing];
    const outputs = splitSteps(drive).map((x) => {
      const gates = h ? add<Tensor2D>(x, product(h, recurrentKernel)) : x;
      const [i, f, g, o] = split(gates, 4, 1) as [Tensor2D, Tensor2D, Tensor2D, Tensor2D];
      c = add(mul(sigmoid(f), c), mul(sigmoid(i), tanh(g)));
      h = mul<Tensor2D>(sigmoid(o), tanh(c));
      return h;
    });
    return joinSteps([...outputs, c]);
  },
});

const runToLast = fusable<LstmScanInputs, Record<never, never>, Tensor2D>({
  kernelName: 'FastWeightsLstmLastState',
  differentiable,
  reference: (inputs) => stepOf(run(inputs, {}), inputs.drive.shape[1] - 1),
});

/**
 * A long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000) over a whole
 * sequence: h(1) … h(T), and after them the cell state c(T), `[batch, time + 1, units]`.
 */
export function lstmScan(inputs: LstmScanInputs): Tensor3D {
  check(inputs);
  return run(inputs, {});
}

/** h(T) alone, `[batch, units]`. */
export function lstmLastState(inputs: LstmScanInputs): Tensor2D {
  check(inputs);
  return runToLast(inputs, {});
}

function check({ drive, recurrentKernel, h, c }: LstmScanInputs): void {
  checkShape('recurrentKernel', recurrentKernel, ['units', '4 · units']);
  const [units] = recurrentKernel.shape;
  checkShape('recurrentKernel', recurrentKernel, [units, 4 * units]);
  checkShape('drive', drive, ['batch', 'time', 4 * units]);
  const [batchSize] = drive.shape;
  if (drive.size === 0) {
    throw new ShapeError('drive', 'a tensor with something in it', `[${drive.shape}]`);
  }
  if (h) checkShape('h', h, [batchSize, units]);
  if (c) checkShape('c', c, [batchSize, units]);
}
