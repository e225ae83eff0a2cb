import type { FusedKernel } from '@fastweights/core';
import { kernelsFor } from './call.ts';
import { arePlainNumbers } from './plain-numbers.ts';

type Shape = readonly [number, number];

/** `embed` and its gradient. */
export function embedKernels(module: WebAssembly.Module): FusedKernel[] {
  return [
    ...kernelsFor(
      module,
      'FastWeightsEmbed',
      (call, shapes) => {
        const [rows] = shapes['ids'] as readonly [number];
        const [size, width] = shapes['table'] as Shape;
        const y = call.output([rows, width]);
        call.wasm.embed(call.address('ids'), call.address('table'), y.address, rows, size, width);
        return [y];
      },
      // Of a single id, tfjs has no one-hot rows, and the reference says so.
      (inputs) =>
        arePlainNumbers(inputs, 'ids') &&
        inputs['ids']?.rank === 1 &&
        inputs['table']?.rank === 2 &&
        (inputs['table'].shape[0] ?? 0) > 1,
    ),
    ...kernelsFor(module, 'FastWeightsEmbedGrad', (call, shapes) => {
      const [rows] = shapes['ids'] as readonly [number];
      const [size, width] = shapes['table'] as Shape;
      const dTable = call.output([size, width]);
      call.wasm.embedGrad(
        call.address('ids'),
        call.address('dy'),
        dTable.address,
        rows,
        size,
        width,
      );
      return [dTable];
    }),
  ];
}
