import { appendFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { saveWeights } from '@fastweights/core';
import { describe, expect, it } from 'vitest';
import { adam, trainSupervised } from '../src/index.ts';
import { readRun } from '../src/runs/index.ts';
import type { TrainingState } from '../src/training-state.ts';
import { classifier, points } from './points.ts';
import { temporaryFolder, whileOpen } from './runs-kit.ts';

const folder = temporaryFolder();
const training = points(500, 1);
const validation = points(100, 2);

/** One life of a process: takes the run up, and ends it or dies at this update, with what nobody had saved. */
const live = (directory: string, diesAt?: number): Promise<void> =>
  whileOpen(directory, async (run) => {
    const model = classifier();
    const optimizer = adam(model.weights, { learningRate: 0.05 });
    const from = await run.latestCheckpoint();
    try {
      const result = await trainSupervised({
        model,
        optimizer,
        training,
        validation,
        batchSize: 32,
        maxUpdates: 200,
        validateEvery: 50,
        reportEvery: 10,
        saveEvery: 25,
        from,
        onProgress: async (progress) => {
          await run.report(progress);
          if (progress.update === diesAt) throw new Error('killed');
        },
        onState: (state: TrainingState) => run.saveCheckpoint(state),
      });
      await run.finish(result, await saveWeights(model.weights));
    } catch (error) {
      if ((error as Error).message !== 'killed') throw error;
      appendFileSync(path.join(directory, 'metrics.jsonl'), '{"update":');
    } finally {
      optimizer.dispose();
      model.dispose();
    }
  });

async function remains(directory: string): Promise<object> {
  const record = await readRun(directory);
  const metrics = (await record.metrics()).map(
    ({ time: _, updatesPerSecond: __, ...rest }) => rest,
  );
  const weights = await readFile(path.join(directory, 'weights.safetensors'), 'hex');
  return { metrics, weights, result: record.result, state: record.state };
}

describe('a training in a run directory', () => {
  it('that died three times leaves what one leaves that never did', async () => {
    const [whole, broken] = [path.join(folder(), 'whole'), path.join(folder(), 'broken')];
    await live(whole);
    for (const update of [10, 60, 150]) await live(broken, update);
    expect((await readRun(broken)).state).toBe('stopped');
    await live(broken);
    const expected = await remains(whole);
    expect(expected).toMatchObject({ state: 'finished', result: { updates: 200 } });
    expect(expected).toHaveProperty('metrics.19.update', 200);
    expect(await remains(broken)).toEqual(expected);
  });
});
