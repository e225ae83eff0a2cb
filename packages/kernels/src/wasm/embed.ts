import type { FusedKernel } from '@fastweights/core';
import { kernelsFor, sizeOf } from './call.ts';
import { arePlainNumbers } from './plain-numbers.ts';

type Shape = readonly [number, number];

/** `embed` and its gradient. */
export function embedKernels(module: WebAssembly.Module): FusedKernel[] {
  return [
    ...kernelsFor(
      module,
      'FastWeightsEmbed',
      (call, shapes) => {
        const ids = shapes['ids'] as readonly number[];
        const [size, width] = shapes['table'] as Shape;
        const y = call.output([...ids, width]);
        const [at, table] = [call.address('ids'), call.address('table')];
        call.wasm.embed(at, table, y.address, sizeOf(ids), size, width);
        return [y];
      },
      // Of a single id, tfjs has no one-hot rows, and the reference says so.
      (inputs) =>
        arePlainNumbers(inputs, 'ids') &&
        inputs['table']?.rank === 2 &&
        (inputs['table'].shape[0] ?? 0) > 1,
    ),
    ...kernelsFor(module, 'FastWeightsEmbedGrad', (call, shapes) => {
      const rows = sizeOf(shapes['ids'] as readonly number[]);
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
