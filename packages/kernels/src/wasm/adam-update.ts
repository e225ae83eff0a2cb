import type { AdamUpdateAttrs, FusedKernel } from '@fastweights/core';
import { kernelsFor } from './call.ts';
import { canUpdate, clipping, type Moment, updateWeights } from './weight-updates.ts';

type Attrs = AdamUpdateAttrs & { readonly offsets: readonly number[] };

const MOMENTS = ['mean', 'square'] as const;

/** `adamUpdate` */
export function adamUpdateKernels(module: WebAssembly.Module): FusedKernel[] {
  return kernelsFor(
    module,
    'FastWeightsAdamUpdate',
    (call, shapes, attrs) => {
      const { updates, learningRate, beta1, beta2, epsilon, offsets, clipNorm } =
        attrs as unknown as Attrs;
      const rate = learningRate / (1 - beta1 ** updates);
      const correction = 1 / (1 - beta2 ** updates);
      const scale = clipping(call, shapes, offsets.length, clipNorm);
      return updateWeights(call, shapes, offsets, MOMENTS, (update) => {
        const [mean, square] = update.moments as [Moment, Moment];
        call.wasm.adamUpdate(
          update.weight,
          update.gradient,
          mean.old,
          square.old,
          update.newWeight,
          mean.next,
          square.next,
          update.size,
          rate,
          correction,
          beta1,
          1 - beta1,
          beta2,
          1 - beta2,
          epsilon,
          scale,
        );
      });
    },
    (inputs, attrs) => canUpdate(inputs, (attrs as Attrs).offsets, MOMENTS),
  );
}
