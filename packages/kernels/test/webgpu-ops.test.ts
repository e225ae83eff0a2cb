import { embed, linear, lstmScan, softmaxCrossEntropy } from '@fastweights/core';
import { pairwise } from '@fastweights/testing';
import { it } from 'vitest';
import { expectEqualToReference, type Numbers } from './webgpu-compare.ts';
import { describeWebGpu } from './webgpu-device.ts';
import { draw } from './webgpu-scan-cases.ts';

const ids = (length: number, end: number): Numbers => ({
  values: Int32Array.from({ length }, (_, i) => (7 * i + 3) % end),
  shape: [length],
});

describeWebGpu('on webgpu equals the cpu reference:', {}, () => {
  const linears = pairwise({
    rows: [1, 3, 17, 65],
    inputs: [1, 7, 16, 50],
    outputs: [1, 10, 33],
    hasBias: [true, false],
    activation: ['linear', 'relu'],
  });
  it.each(linears)(
    'FastWeightsLinear %o',
    async ({ rows, inputs, outputs, hasBias, activation }) => {
      await expectEqualToReference({
        kernelName: 'FastWeightsLinear',
        inputs: {
          x: draw('x', [rows, inputs]),
          kernel: draw('kernel', [inputs, outputs]),
          ...(hasBias && { bias: draw('bias', [outputs]) }),
        },
        run: ({ x, kernel, bias }) =>
          linear(x as never, kernel as never, bias as never, activation),
      });
    },
  );

  it.each([
    [1, 2, 1],
    [3, 37, 100],
    [187, 37, 17],
    [100, 5, 129],
  ])('FastWeightsEmbed of %i ids, a table of %i by %i', async (length, rows, width) => {
    await expectEqualToReference({
      kernelName: 'FastWeightsEmbed',
      // Some ids are none.
      inputs: { ids: ids(length, rows + 2), table: draw('table', [rows, width]) },
      run: (all) => embed(all['ids'] as never, all['table'] as never),
    });
  });

  it.each([
    [1, 2],
    [7, 10],
    [128, 10],
    [65, 129],
  ])('FastWeightsSoftmaxCrossEntropy of %i rows, %i classes', async (rows, classes) => {
    await expectEqualToReference({
      kernelName: 'FastWeightsSoftmaxCrossEntropy',
      inputs: { logits: draw('logits', [rows, classes], 30), labels: ids(rows, classes) },
      run: ({ logits, labels }) => softmaxCrossEntropy(logits as never, labels as never),
    });
  });

  const scans = pairwise({
    H: [1, 3, 7, 17, 50, 100],
    T: [1, 2, 11],
    B: [1, 2, 17],
    state: ['none', 'h', 'c', 'both'],
  });
  it.each(scans)('FastWeightsLstmScan %o', async ({ H, T, B, state }) => {
    await expectEqualToReference({
      kernelName: 'FastWeightsLstmScan',
      inputs: {
        drive: draw('drive', [B, T, 4 * H], 2),
        recurrentKernel: draw('kernel', [H, 4 * H], 1 / Math.sqrt(H)),
        ...((state === 'h' || state === 'both') && { h: draw('h', [B, H]) }),
        ...((state === 'c' || state === 'both') && { c: draw('c', [B, H]) }),
      },
      run: (inputs) => lstmScan(inputs as never),
    });
  });
});
