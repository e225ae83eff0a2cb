import { expect, it } from 'vitest';
import { callsOf, registerCounted } from './webgpu-compare.ts';
import { describeWebGpu, startWebGpu } from './webgpu-device.ts';
import { type Cost, trainRetrieval } from './webgpu-training.ts';

/** The paper's batch is 128; emulated, the reference then takes a minute for a step. */
const batchSize = Number(process.env['WEBGPU_COST_BATCH'] ?? 32);
const SIZES = { batchSize, steps: 11, units: 50 };

describeWebGpu('a training step of associative retrieval on webgpu', {}, () => {
  it('takes few dispatches and little memory with kernels', { timeout: 600_000 }, async () => {
    await startWebGpu({ maxStorageBuffersPerShaderStage: 12 });
    const unregister = registerCounted();
    const roomy = await trainRetrieval(SIZES, 'attention');
    await startWebGpu();
    const fused = await trainRetrieval(SIZES, 'attention');
    expect(callsOf('FastWeightsScanGrad')).toBe(6);
    unregister();
    await startWebGpu();
    const attention = await trainRetrieval(SIZES, 'attention', 1);
    await startWebGpu();
    const matrix = await trainRetrieval(SIZES, 'matrix', 1);
    // The numbers of the README.
    for (const [name, cost] of Object.entries({ roomy, fused, attention, matrix })) {
      process.stdout.write(`${name}: ${inWords(cost)}\n`);
    }
    for (const { losses } of [attention, matrix]) {
      expect(fused.losses[0]).toBeCloseTo(losses[0] as number, 4);
    }
    // Where more can be bound, more weights are updated at once.
    expect(roomy.dispatches).toBeLessThan(fused.dispatches);
    expect(fused.dispatches).toBeLessThanOrEqual(60);
    expect(matrix.poolBytes / fused.poolBytes).toBeGreaterThanOrEqual(20);
    expect(attention.poolBytes / fused.poolBytes).toBeGreaterThanOrEqual(3);
  });
});

const inWords = ({ dispatches, milliseconds, poolBytes, losses }: Cost): string =>
  `${dispatches} dispatches, ${(poolBytes / 2 ** 20).toFixed(2)} MiB, ${milliseconds.toFixed(0)} ms, losses ${losses.map((loss) => loss.toFixed(5))}`;
