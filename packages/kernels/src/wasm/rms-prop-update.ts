import type { FusedKernel, RmsPropUpdateAttrs } from '@fastweights/core';
import { kernelsFor } from './call.ts';
import { canUpdate, clipping, type Moment, updateWeights } from './weight-updates.ts';

type Attrs = RmsPropUpdateAttrs & { readonly offsets: readonly number[] };

const MOMENTS = ['square'] as const;

/** `rmsPropUpdate` */
export function rmsPropUpdateKernels(module: WebAssembly.Module): FusedKernel[] {
  return kernelsFor(
    module,
    'FastWeightsRmsPropUpdate',
    (call, shapes, attrs) => {
      const { learningRate, decay, epsilon, offsets, clipNorm } = attrs as unknown as Attrs;
      const scale = clipping(call, shapes, offsets.length, clipNorm);
      return updateWeights(call, shapes, offsets, MOMENTS, (update) => {
        const [square] = update.moments as [Moment];
        call.wasm.rmsPropUpdate(
          update.weight,
          update.gradient,
          square.old,
          update.newWeight,
          square.next,
          update.size,
          learningRate,
          decay,
          1 - decay,
          epsilon,
          scale,
        );
      });
    },
    (inputs, attrs) => canUpdate(inputs, (attrs as Attrs).offsets, MOMENTS),
  );
}
