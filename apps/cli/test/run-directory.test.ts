import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FastWeightsError } from '@fastweights/core';
import { retrievalConfig } from '@fastweights/experiments';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  besideFinished,
  loadRun,
  prepareRunDirectory,
  type Run,
  saveRun,
} from '../src/run-directory.ts';

vi.mock('node:fs/promises', async (original) => ({ ...(await original<typeof fs>()) }));

const result = {
  updates: 7,
  validationError: 0.5,
  testError: 0.25,
  stopped: 'updates' as const,
  seconds: 1.5,
  backend: 'cpu',
};
const runOf = (seed: number): Run => ({
  config: { ...retrievalConfig, seed },
  weights: Uint8Array.from({ length: 64 }, () => seed),
});

let folder = '';
let directory = '';
beforeEach(async () => {
  for (const name of ['npm_lifecycle_event', 'npm_package_name']) vi.stubEnv(name, undefined);
  folder = await fs.mkdtemp(path.join(tmpdir(), 'fastweights-run-'));
  directory = path.join(folder, 'runs/one');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await fs.rm(folder, { recursive: true });
});

const write = async (name: string, text: string): Promise<void> => {
  await fs.mkdir(directory, { recursive: true });
  await fs.writeFile(path.join(directory, name), text);
};

const save = async (run: Run): Promise<void> => {
  await prepareRunDirectory(directory);
  await saveRun(directory, run, result);
};

const bytesOf = ({ config, weights }: Run): unknown => ({ config, weights: [...weights] });

describe('a run directory', () => {
  it('gives back what was saved', async () => {
    expect(await prepareRunDirectory(directory)).toEqual({ holdsRun: false });
    await saveRun(directory, runOf(3), result);
    expect(bytesOf(await loadRun(directory))).toEqual(bytesOf(runOf(3)));
    const saved = await fs.readFile(path.join(directory, 'result.json'), 'utf8');
    expect(JSON.parse(saved)).toEqual(result);
    expect(await fs.readdir(directory)).toHaveLength(3);
  });

  it('says that it holds a run, replaces it, and leaves other files alone', async () => {
    await save(runOf(1));
    await write('notes.txt', 'mine');
    expect(await prepareRunDirectory(directory)).toEqual({ holdsRun: true });
    await saveRun(directory, runOf(2), result);
    expect(bytesOf(await loadRun(directory))).toEqual(bytesOf(runOf(2)));
    expect(await fs.readFile(path.join(directory, 'notes.txt'), 'utf8')).toBe('mine');
  });

  it('holds a whole run or none wherever saving is cut off, and can be saved to again', async () => {
    const { rename, rm, open } = await vi.importActual<typeof fs>('node:fs/promises');
    const killed = new Error('killed');
    const outcomes: string[] = [];
    for (let steps = 0; outcomes.at(-1) !== 'finished'; steps++) {
      await save(runOf(1));
      let left = steps;
      const step = <A extends unknown[], R>(work: (...args: A) => Promise<R>) =>
        (async (...args: A) => {
          if (left-- === 0) throw killed;
          return work(...args);
        }) as typeof work;
      vi.spyOn(fs, 'open').mockImplementation(step(open));
      vi.spyOn(fs, 'rm').mockImplementation(step(rm));
      vi.spyOn(fs, 'rename').mockImplementation(step(rename));
      const error = await saveRun(directory, runOf(2), result).then(
        () => undefined,
        (reason) => reason,
      );
      vi.restoreAllMocks();
      if (error) expect(error.cause).toBe(killed);
      const found = await loadRun(directory).then(bytesOf, (reason: Error) => reason.message);
      if (typeof found === 'string') expect(found).toContain('There is no run in');
      else expect([bytesOf(runOf(1)), bytesOf(runOf(2))]).toContainEqual(found);
      outcomes.push(left >= 0 ? 'finished' : typeof found === 'string' ? 'none' : 'whole');
      expect(steps).toBeLessThan(20);
    }
    expect(outcomes.slice(0, 4)).toEqual(['whole', 'whole', 'whole', 'whole']);
    expect(outcomes).toContain('none');
  });
});

describe('besideFinished', () => {
  it.each([
    ['runs/retrieval', 'runs/retrieval-interrupted'],
    ['runs/retrieval/', 'runs/retrieval-interrupted'],
    ['.', `${process.cwd()}-interrupted`],
    ['..', `${path.dirname(process.cwd())}-interrupted`],
  ])('names the neighbour of %s', (directory, neighbour) => {
    expect(besideFinished(directory)).toBe(path.normalize(neighbour));
  });
});

describe('what is refused before training', () => {
  const refusal = async (): Promise<string> => {
    const error = await prepareRunDirectory(directory).then(
      () => 'nothing was refused',
      (reason) => reason,
    );
    expect(error).toBeInstanceOf(FastWeightsError);
    return (error as FastWeightsError).message;
  };

  it('is a file', async () => {
    await fs.mkdir(path.dirname(directory));
    await fs.writeFile(directory, '');
    expect(await refusal()).toBe(`${directory} is a file. Choose another directory with --out.`);
  });

  it('is a path through a file', async () => {
    await fs.writeFile(path.join(folder, 'runs'), '');
    expect(await refusal()).toMatch(
      /^Nothing can be saved in .*ENOTDIR.* Choose another directory with --out\.$/,
    );
  });

  it('is a directory in which nothing can be written', async () => {
    await fs.mkdir(directory, { recursive: true });
    const { open } = await vi.importActual<typeof fs>('node:fs/promises');
    // Tests may run as root, who may write everywhere.
    vi.spyOn(fs, 'open').mockImplementation(async (file, ...rest) => {
      if (String(file).startsWith(directory)) throw new Error('EACCES: permission denied');
      return open(file, ...rest);
    });
    expect(await refusal()).toBe(
      `Nothing can be saved in ${directory}: EACCES: permission denied. Choose another directory with --out.`,
    );
  });

  it('is a directory with other files and no run', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await write(name, '');
    expect(await refusal()).toBe(
      `${directory} is no run, but holds other files (a, b, c, …). Choose another directory with --out.`,
    );
    expect(await fs.readdir(directory)).toHaveLength(4);
  });

  it('is a config.json that is not ours', async () => {
    await write('config.json', '{ "compilerOptions": {} }');
    expect(await refusal()).toMatch(
      /config\.json: not written by fastweights.* It will not be overwritten\./,
    );
  });
});

describe('what recall refuses', () => {
  const refusal = async (): Promise<string> => {
    const error = await loadRun(directory).then(
      () => 'nothing was refused',
      (reason) => reason,
    );
    expect(error).toBeInstanceOf(FastWeightsError);
    return (error as FastWeightsError).message;
  };

  it('is a directory without a run', async () => {
    expect(await refusal()).toBe(
      `There is no run in ${directory}. Train one first:\n  fastweights train retrieval --out ${directory}`,
    );
  });

  it('is a run without weights', async () => {
    await save(runOf(1));
    await fs.rm(path.join(directory, 'weights.safetensors'));
    expect(await refusal()).toMatch(
      /weights\.safetensors is missing\. Train again:\n {2}fastweights train/,
    );
  });

  it.each([
    ['{', /config\.json: not JSON: /],
    ['[]', /config\.json: not written by fastweights/],
    ['null', /config\.json: not written by fastweights/],
    [
      '{ "software": "fastweights 1.0.0", "experiment": "chess" }',
      /a run of "chess"; only runs of "retrieval"/,
    ],
    [
      '{ "software": "fastweights 1.0.0", "experiment": "retrieval" }',
      /config\.units is missing\./,
    ],
  ])('is %s', async (text, message) => {
    await save(runOf(1));
    await write('config.json', text);
    expect(await refusal()).toMatch(message);
  });

  it.each([
    [{ units: '50' }, 'config.units must be a whole number of at least 1, but it is "50".'],
    [{ units: 1e9 }, 'config.units must be a number from 1 to 4096, but it is 1000000000.'],
    [{ decayRate: -1 }, 'config.decayRate must be a number from 0 to 1, but it is -1.'],
    [{ learningRate: null }, 'config.learningRate must be a number of at least 0, but it is null.'],
    [{ pairs: 27 }, 'config.pairs must be a number from 1 to 26, but it is 27.'],
    [{ seed: 0.5 }, 'config.seed must be a whole number of at least 0, but it is 0.5.'],
    [{ layers: 2 }, 'config.layers is unknown to this version of fastweights.'],
  ])('is a config with %j', async (change, message) => {
    await save(runOf(1));
    const file = path.join(directory, 'config.json');
    const { config, ...rest } = JSON.parse(await fs.readFile(file, 'utf8'));
    await write('config.json', JSON.stringify({ ...rest, config: { ...config, ...change } }));
    expect(await refusal()).toBe(`${file}: ${message}`);
  });
});
