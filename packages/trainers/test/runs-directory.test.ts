import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { OptionError } from '@fastweights/core';
import { describe, expect, it } from 'vitest';
import { listRuns, type Metric, openRun, readRun } from '../src/runs/index.ts';
import {
  filesIn,
  options,
  refusal,
  stateOf,
  temporaryFolder,
  weightsOf,
  whileOpen,
} from './runs-kit.ts';

const folder = temporaryFolder();
const place = (): string => path.join(folder(), 'table1', 'r20');

const withoutTime = (metrics: readonly Metric[]): unknown[] =>
  metrics.map(({ time: _, updatesPerSecond: __, ...rest }) => rest);

describe('a run directory', () => {
  it('holds these files while a run is open, and these when it is finished', async () => {
    await whileOpen(place(), async (run) => {
      expect(filesIn(place())).toEqual(['.lock', 'config.json']);
      await run.report({ update: 20, loss: 1 });
      await run.saveCheckpoint(stateOf(20));
      expect(filesIn(place())).toEqual([
        '.lock',
        'checkpoints',
        'checkpoints/1-update-20',
        ...['best-weights.safetensors', 'optimizer.safetensors', 'state.json'].map(
          (name) => `checkpoints/1-update-20/${name}`,
        ),
        'checkpoints/1-update-20/weights.safetensors',
        'config.json',
        'events.out.tfevents',
        'metrics.jsonl',
      ]);
      await run.finish({ testError: 0 }, weightsOf(7));
    });
    expect(filesIn(place())).toEqual([
      'config.json',
      'events.out.tfevents',
      'metrics.jsonl',
      'result.json',
      'weights.safetensors',
    ]);
  });

  it('gives the state back exactly', async () => {
    const odd = {
      ...stateOf(3),
      losses: [-0, Number.NaN, 5e-324, 0.1 + 0.2],
      best: { ...stateOf(3).best, validationError: Number.POSITIVE_INFINITY },
    };
    await whileOpen(place(), (run) => run.saveCheckpoint(odd));
    expect(await whileOpen(place(), (run) => run.latestCheckpoint())).toEqual(odd);
  });

  it('keeps the newest two checkpoints', async () => {
    const saved = await whileOpen(place(), async (run) => {
      expect(await run.latestCheckpoint()).toBeUndefined();
      for (const update of [10, 20, 30]) await run.saveCheckpoint(stateOf(update));
      // Where training ends, the same update may come twice.
      await run.saveCheckpoint(stateOf(30));
      return run.latestCheckpoint();
    });
    expect(saved).toEqual(stateOf(30));
    const kept = filesIn(path.join(place(), 'checkpoints')).filter((name) => !name.includes('/'));
    expect(kept).toEqual(['3-update-30', '4-update-30']);
  });

  it('has one line for each report, with numbers that are none', async () => {
    await whileOpen(place(), async (run) => {
      await run.report({ update: 20, loss: Number.NaN });
      await run.report({ update: 40, loss: Number.NEGATIVE_INFINITY, validationError: 0.125 });
    });
    const lines = (await readFile(path.join(place(), 'metrics.jsonl'), 'utf8')).split('\n');
    expect(lines).toHaveLength(3);
    expect(JSON.parse(lines[0] as string)).toEqual({
      update: 20,
      loss: null,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      notFinite: { loss: 'NaN' },
    });
    const metrics = await (await readRun(place())).metrics();
    expect(withoutTime(metrics)).toEqual([
      { update: 20, loss: Number.NaN },
      { update: 40, loss: Number.NEGATIVE_INFINITY, validationError: 0.125 },
    ]);
    expect(metrics[1]?.updatesPerSecond).toBeGreaterThan(0);
  });

  it('forgets what was reported after the checkpoint it goes on from, and a torn line', async () => {
    await whileOpen(place(), async (run) => {
      await run.report({ update: 20, loss: 2 });
      await run.saveCheckpoint(stateOf(20));
      await run.report({ update: 40, loss: 1.5 });
    });
    await appendFile(path.join(place(), 'metrics.jsonl'), '{"update":60,"lo');
    expect(withoutTime(await (await readRun(place())).metrics())).toHaveLength(2);
    await whileOpen(place(), async (run) => {
      expect((await run.latestCheckpoint())?.update).toBe(20);
      expect(await (await readRun(place())).metrics(), 'still there').toHaveLength(2);
      await run.report({ update: 40, loss: 1.25 });
    });
    expect(withoutTime(await (await readRun(place())).metrics())).toEqual([
      { update: 20, loss: 2 },
      { update: 40, loss: 1.25 },
    ]);
  });

  it('goes on with whole lines where metrics.jsonl was cut', async () => {
    await whileOpen(place(), async (run) => {
      for (const update of [20, 40]) await run.report({ update, loss: 2 });
      await run.saveCheckpoint(stateOf(40));
    });
    const file = path.join(place(), 'metrics.jsonl');
    await writeFile(file, (await readFile(file, 'utf8')).slice(0, -10));
    await whileOpen(place(), (run) => run.report({ update: 60, loss: 1 }));
    const metrics = await (await readRun(place())).metrics();
    expect(metrics.map(({ update }) => update)).toEqual([20, 60]);
  });

  it('begins again with its metrics where it was killed before the first checkpoint', async () => {
    await whileOpen(place(), (run) => run.report({ update: 20, loss: 2 }));
    await whileOpen(place(), (run) => run.report({ update: 20, loss: 3 }));
    expect(withoutTime(await (await readRun(place())).metrics())).toEqual([
      { update: 20, loss: 3 },
    ]);
  });

  it('takes calls that do not wait for one another in turn', async () => {
    await whileOpen(place(), async (run) => {
      const updates = Array.from({ length: 30 }, (_, i) => i + 1);
      await Promise.all(
        updates.flatMap((update) => [
          run.report({ update, loss: update }),
          run.saveCheckpoint(stateOf(update)),
        ]),
      );
      expect((await run.latestCheckpoint())?.update).toBe(30);
    });
    const metrics = await (await readRun(place())).metrics();
    expect(metrics.map(({ update }) => update)).toEqual(
      Array.from({ length: 30 }, (_, i) => i + 1),
    );
  });

  it('takes no config and no result that JSON cannot say', async () => {
    const config = { data: new Uint8Array(3) };
    await expect(openRun(place(), { ...options, config })).rejects.toThrow(OptionError);
    await expect(openRun(place(), { ...options, config: { at: new Date() } })).rejects.toThrow(
      'config.at must be plain data',
    );
    expect(filesIn(folder())).toEqual([]);
    await expect(openRun(place(), { ...options, hash: '' })).rejects.toThrow(OptionError);
    await expect(openRun(place(), { ...options, make: true } as never)).rejects.toThrow(
      OptionError,
    );
  });
});

describe('reading runs', () => {
  it('tells of a run while it runs, when it stopped and when it is finished', async () => {
    await whileOpen(place(), async (run) => {
      expect(run).toMatchObject({ directory: place(), config: options.config, hash: options.hash });
      const record = await readRun(place());
      expect(record).toMatchObject({
        config: options.config,
        hash: options.hash,
        state: 'running',
      });
      expect(record.versions).toEqual({ node: process.versions.node });
      expect(await record.weights()).toBeUndefined();
      await run.saveCheckpoint(stateOf(4));
    });
    const stopped = await readRun(place());
    expect(stopped).toMatchObject({ state: 'stopped' });
    expect(stopped).not.toHaveProperty('result');
    expect(await stopped.weights()).toEqual(stateOf(4).best.weights);
    const result = { stopped: 'updates', best: { validationError: Number.POSITIVE_INFINITY } };
    await whileOpen(place(), (run) => run.finish(result, weightsOf(9)));
    const finished = await readRun(place());
    expect(finished).toMatchObject({ state: 'finished', result });
    expect(await finished.weights()).toEqual(weightsOf(9));
  });

  it('lists the runs in a folder and in its folders, and names those that cannot be read', async () => {
    for (const name of ['b', 'a/deep', 'c']) {
      await whileOpen(path.join(folder(), name), (run) => run.report({ update: 1, loss: 1 }));
    }
    await mkdir(path.join(folder(), 'empty'));
    await writeFile(path.join(folder(), 'c', 'config.json'), '{}');
    const { runs, unreadable } = await listRuns(folder());
    expect(runs.map(({ directory }) => path.relative(folder(), directory))).toEqual([
      'a/deep',
      'b',
    ]);
    expect(unreadable.map(({ directory, problem }) => [directory, problem])).toEqual([
      [path.join(folder(), 'c'), 'foreign'],
    ]);
    expect((await refusal(listRuns(path.join(folder(), 'nowhere')))).problem).toBe('missing');
  });

  it('finds a changed bit in the files of a finished run, and a damaged line', async () => {
    await whileOpen(place(), async (run) => {
      for (const update of [1, 2, 3]) await run.report({ update, loss: 1 });
      await run.finish({ testError: 0.5 }, weightsOf(1));
    });
    const record = await readRun(place());
    const change = async (name: string, from: string, to: string): Promise<void> => {
      const file = path.join(place(), name);
      await writeFile(file, (await readFile(file, 'latin1')).replace(from, to), 'latin1');
    };
    await change('weights.safetensors', 'F32', 'F16');
    expect(await refusal(record.weights())).toMatchObject({ problem: 'damaged' });
    await change('metrics.jsonl', '"update":2', '"update"2');
    expect((await refusal(record.metrics())).message).toMatch(/Line 2 of .*metrics\.jsonl/);
    await change('result.json', '0.5', '0.4');
    expect((await refusal(readRun(place()))).message).toMatch(/result\.json does not fit/);
  });
});
