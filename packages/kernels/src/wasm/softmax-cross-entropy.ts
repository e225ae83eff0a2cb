import type { FusedKernel } from '@fastweights/core';
import { kernelsFor } from './call.ts';
import { arePlainNumbers } from './plain-numbers.ts';

type Shape = readonly [number, number];

/** `softmaxCrossEntropy` and its gradient, which is what the forward keeps, scaled. */
export function softmaxCrossEntropyKernels(module: WebAssembly.Module): FusedKernel[] {
  return [
    ...kernelsFor(
      module,
      'FastWeightsSoftmaxCrossEntropy',
      (call, shapes, attrs) => {
        const [rows, classes] = shapes['logits'] as Shape;
        const loss = call.output([]);
        const kept = attrs['keep'] === true ? call.output([rows, classes]) : undefined;
        call.wasm.softmaxCrossEntropy(
          call.address('logits'),
          call.address('labels'),
          loss.address,
          kept?.address ?? 0,
          rows,
          classes,
          call.scratch(4 * Math.ceil(classes / 4)),
        );
        return kept ? [loss, kept] : [loss];
      },
      // Of a single class, tfjs has no one-hot rows, and the reference says so.
      (inputs) => arePlainNumbers(inputs, 'labels') && (inputs['logits']?.shape[1] ?? 0) > 1,
    ),
    ...kernelsFor(module, 'FastWeightsSoftmaxCrossEntropyGrad', (call, shapes) => {
      const [rows, classes] = shapes['logits'] as Shape;
      const dLogits = call.output([rows, classes]);
      call.wasm.softmaxCrossEntropyGrad(
        call.address('kept'),
        call.address('dy'),
        dLogits.address,
        rows,
        classes,
      );
      return [dLogits];
    }),
  ];
}
