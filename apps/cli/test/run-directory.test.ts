import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FastWeightsError } from '@fastweights/core';
import { retrievalConfig } from '@fastweights/experiments';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runExitTasks } from '../src/at-exit.ts';
import { besideFinished, loadRun, type Run, saveRun } from '../src/run-directory.ts';
import { keepRun } from '../src/run-keeping.ts';
import { prepareRunDirectory } from '../src/run-preparation.ts';

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

const LOCK = '.fastweights-lock';
/** No process has it: the largest is 4194304. */
const DEAD = '99999999';

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
  runExitTasks();
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
    expect(await fs.readdir(directory)).toContain(LOCK);
    runExitTasks();
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

describe('the lock of a run directory', () => {
  const lock = (): string => path.join(directory, LOCK);

  it('names this process, and goes when it ends', async () => {
    await save(runOf(1));
    expect(await fs.readFile(lock(), 'utf8')).toBe(String(process.pid));
    expect(bytesOf(await loadRun(directory))).toEqual(bytesOf(runOf(1)));
    runExitTasks();
    expect(await fs.readdir(directory)).not.toContain(LOCK);
  });

  it('keeps others out while its process lives', async () => {
    await write(LOCK, String(process.ppid));
    await expect(prepareRunDirectory(directory)).rejects.toThrow(
      `Another training (process ${process.ppid}) saves into ${directory}; wait for it, or choose another place with --out.`,
    );
    runExitTasks();
    expect(await fs.readdir(directory)).toEqual([LOCK]);
  });

  it.each([DEAD, '', '0', '-1', 'nonsense'])('is taken over when it holds "%s"', async (owner) => {
    await write(LOCK, owner);
    for (const name of ['weights.safetensors', '.config.json.12.tmp']) await write(name, '');
    expect(await prepareRunDirectory(directory)).toEqual({ holdsRun: false });
    expect(await fs.readFile(lock(), 'utf8')).toBe(String(process.pid));
    expect((await fs.readdir(directory)).sort()).toEqual([LOCK, 'weights.safetensors']);
  });

  it('stays where the process ended between the old run and the new one', async () => {
    await save(runOf(1));
    await fs.rm(path.join(directory, 'config.json'));
    runExitTasks();
    expect(await fs.readdir(directory)).toContain(LOCK);
    expect(await prepareRunDirectory(directory)).toEqual({ holdsRun: false });
  });
});

describe('a directory that was created in vain', () => {
  it('is removed, with those above it', async () => {
    await prepareRunDirectory(directory);
    runExitTasks();
    expect(await fs.readdir(folder)).toEqual([]);
  });

  it('stays when it was there before', async () => {
    await fs.mkdir(directory, { recursive: true });
    await prepareRunDirectory(directory);
    runExitTasks();
    expect(await fs.readdir(directory)).toEqual([]);
  });
});

describe('keepRun', () => {
  const failure = async (isBeside = false): Promise<FastWeightsError> => {
    const error = await keepRun(directory, isBeside, runOf(2), result).catch((reason) => reason);
    expect(error).toBeInstanceOf(FastWeightsError);
    return error;
  };
  const rescued = async (message: string): Promise<unknown> => {
    const place = / It is in (.*) instead\.$/.exec(message)?.[1] ?? '';
    const run = await loadRun(place);
    await fs.rm(place, { recursive: true });
    return bytesOf(run);
  };

  it('finds a free name beside a finished run', async () => {
    await save(runOf(1));
    await fs.writeFile(`${directory}-interrupted`, 'mine');
    await fs.mkdir(`${directory}-interrupted-2`);
    expect(await keepRun(directory, true, runOf(2), result)).toBe(`${directory}-interrupted-3`);
    expect(await keepRun(directory, true, runOf(3), result)).toBe(`${directory}-interrupted-4`);
    expect(bytesOf(await loadRun(`${directory}-interrupted-3`))).toEqual(bytesOf(runOf(2)));
    expect(await fs.readFile(`${directory}-interrupted`, 'utf8')).toBe('mine');
    expect(await fs.readdir(`${directory}-interrupted-2`)).toEqual([]);
    expect(bytesOf(await loadRun(directory))).toEqual(bytesOf(runOf(1)));
  });

  it.each(['weights.safetensors', 'result.json', 'config.json'])(
    'leaves the old run, and saves elsewhere, when %s cannot be written',
    async (name) => {
      await save(runOf(1));
      const { open } = await vi.importActual<typeof fs>('node:fs/promises');
      vi.spyOn(fs, 'open').mockImplementation(async (file, ...rest) => {
        const handle = await open(file, ...rest);
        if (String(file).startsWith(path.join(directory, `.${name}.`))) {
          vi.spyOn(handle, 'writeFile').mockRejectedValue(new Error('ENOSPC: no space left'));
        }
        return handle;
      });
      const { message } = await failure();
      expect(message).toContain(
        `The run could not be saved in ${directory}: ENOSPC: no space left. It is in ${tmpdir()}`,
      );
      expect(await rescued(message)).toEqual(bytesOf(runOf(2)));
      expect(bytesOf(await loadRun(directory))).toEqual(bytesOf(runOf(1)));
      expect(await fs.readdir(directory)).toHaveLength(4);
    },
  );

  it('leaves the old run when a directory has taken the place of a file', async () => {
    await save(runOf(1));
    const file = path.join(directory, 'result.json');
    await fs.rm(file);
    await fs.mkdir(file);
    const { message } = await failure();
    expect(message).toContain(`${file} is a directory.`);
    expect(await rescued(message)).toEqual(bytesOf(runOf(2)));
    expect(bytesOf(await loadRun(directory))).toEqual(bytesOf(runOf(1)));
    await expect(prepareRunDirectory(directory)).rejects.toThrow(`${file} is a directory.`);
  });

  it('says so when there is no place at all', async () => {
    vi.spyOn(fs, 'mkdir').mockRejectedValue(new Error('EROFS'));
    vi.spyOn(fs, 'mkdtemp').mockRejectedValue(new Error('EROFS too'));
    expect((await failure()).message).toBe(
      `The run could not be saved in ${directory}: EROFS. Nor anywhere else: EROFS too`,
    );
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

  it.each(['weights.safetensors', 'result.json', '.config.json.tmp', '.config.json.12.tmp'])(
    'is a directory with a %s of somebody else',
    async (name) => {
      await write(name, 'mine');
      expect(await refusal()).toBe(
        `${directory} is no run, but holds other files (${name}). Choose another directory with --out.`,
      );
      runExitTasks();
      expect(await fs.readdir(directory)).toEqual([name]);
    },
  );

  it('is named without what drives a terminal', async () => {
    await write('a\x1b[2J\n\u202eb', '');
    expect(await refusal()).toContain('(a�[2J��b)');
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
    [{ units: 1e9 }, 'config.units must be a number from 1 to 2048, but it is 1000000000.'],
    [{ decayRate: -1 }, 'config.decayRate must be a number from 0 to 1, but it is -1.'],
    [{ learningRate: null }, 'config.learningRate must be a number of at least 0, but it is null.'],
    [{ pairs: 27 }, 'config.pairs must be a number from 1 to 26, but it is 27.'],
    [{ seed: 0.5 }, 'config.seed must be a whole number of at least 0, but it is 0.5.'],
    [{ innerSteps: 101 }, 'config.innerSteps must be a number from 0 to 100, but it is 101.'],
    [{ constructor: 2 }, 'config.constructor is unknown to this version of fastweights.'],
    [{ ['__proto__']: 2 }, 'config.__proto__ is unknown to this version of fastweights.'],
    [{ 'a\x9bb': 2 }, 'config.a�b is unknown to this version of fastweights.'],
    [{ layers: 2 }, 'config.layers is unknown to this version of fastweights.'],
  ])('is a config with %j', async (change, message) => {
    await save(runOf(1));
    const file = path.join(directory, 'config.json');
    const { config, ...rest } = JSON.parse(await fs.readFile(file, 'utf8'));
    await write('config.json', JSON.stringify({ ...rest, config: { ...config, ...change } }));
    expect(await refusal()).toBe(`${file}: ${message}`);
  });

  it('is a number that is too large', async () => {
    await save(runOf(1));
    const file = path.join(directory, 'config.json');
    const text = await fs.readFile(file, 'utf8');
    await write('config.json', text.replace(/"stepSize": [\d.e-]+/, '"stepSize": 1e400'));
    expect(await refusal()).toBe(
      `${file}: config.stepSize must be a finite number, but it is Infinity.`,
    );
  });
});

it('a byte order mark in config.json is no obstacle', async () => {
  await save(runOf(1));
  const text = await fs.readFile(path.join(directory, 'config.json'), 'utf8');
  await write('config.json', `\uFEFF${text}`);
  expect(bytesOf(await loadRun(directory))).toEqual(bytesOf(runOf(1)));
  expect(await prepareRunDirectory(directory)).toEqual({ holdsRun: true });
});
