import type { FusedKernel } from '@fastweights/core';
import { kernelsFor, type Output } from './call.ts';
import { arePlainNumbers } from './plain-numbers.ts';

type Shape = readonly [number, number];

/** Floats that a matrix takes in panels of eight columns. */
const panels = (rows: number, columns: number): number => rows * 8 * Math.ceil(columns / 8);

/** `linear` and its gradients. */
export function linearKernels(module: WebAssembly.Module): FusedKernel[] {
  return [
    ...kernelsFor(
      module,
      'FastWeightsLinear',
      (call, shapes, attrs) => {
        const { wasm } = call;
        const [rows] = shapes['x'] as Shape;
        const [inputs, outputs] = shapes['kernel'] as Shape;
        const y = call.output([rows, outputs]);
        wasm.linear(
          call.address('x'),
          call.address('kernel'),
          call.address('bias'),
          Number(isRectified(attrs)),
          y.address,
          rows,
          inputs,
          outputs,
          call.scratch(panels(inputs, outputs)),
          call.scratch(wasm.matmulScratch(outputs)),
        );
        return [y];
      },
      (inputs) => {
        const { x, kernel, bias } = inputs;
        return (
          arePlainNumbers(inputs) &&
          x?.rank === 2 &&
          kernel?.rank === 2 &&
          x.shape[1] === kernel.shape[0] &&
          (!bias || (bias.rank === 1 && bias.size === kernel.shape[1]))
        );
      },
    ),
    ...kernelsFor(module, 'FastWeightsLinearGrad', (call, shapes, attrs) => {
      const { wasm } = call;
      const [rows] = shapes['x'] as Shape;
      const [inputs, outputs] = shapes['kernel'] as Shape;
      const [x, weights] = [call.address('x'), call.address('kernel')];
      const room = call.scratch(Math.max(panels(rows, outputs), panels(outputs, inputs)));
      const scratch = call.scratch(wasm.matmulScratch(Math.max(inputs, outputs)));

      let dSums = call.address('dy');
      if (isRectified(attrs)) {
        const dy = dSums;
        dSums = call.scratch(rows * outputs);
        wasm.rectifyGrad(call.address('y'), dy, dSums, rows * outputs);
      }
      const dx = call.output([rows, inputs]);
      wasm.linearInputsGrad(dSums, weights, dx.address, rows, inputs, outputs, room, scratch);
      const dWeights = call.output([inputs, outputs]);
      wasm.linearWeightsGrad(x, dSums, dWeights.address, rows, inputs, outputs, room, scratch);
      const gradients: Output[] = [dx, dWeights];
      if (shapes['bias']) {
        const dBias = call.output([outputs]);
        wasm.linearBiasGrad(dSums, dBias.address, rows, outputs);
        gradients.push(dBias);
      }
      return gradients;
    }),
  ];
}

const isRectified = (attrs: Readonly<Record<string, unknown>>): boolean =>
  attrs['activation'] === 'relu';
