import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { hashData } from '@fastweights/core/node';
import { mountSmallDisk, NO_SMALL_DISK, runModule, type SmallDisk } from '@fastweights/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { openRun, readRun } from '../src/runs/index.ts';
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
const place = (): string => path.join(folder(), 'run');
const open = (): Promise<unknown> => openRun(place(), options);

let disk: SmallDisk | undefined;
afterEach(() => {
  disk?.unmount();
  disk = undefined;
});

describe('a full disk', () => {
  it('stops a checkpoint; the one before is whole, and room lets it go on', async ({ skip }) => {
    disk = mountSmallDisk(folder(), 128);
    if (!disk) return skip(NO_SMALL_DISK);
    await whileOpen(place(), async (run) => {
      await run.report({ update: 1, loss: 1 });
      await run.saveCheckpoint(stateOf(1, 1024));
      const before = filesIn(place());
      const ballast = path.join(folder(), 'ballast');
      await writeFile(ballast, Buffer.alloc(1 << 17)).catch(() => undefined);
      const error = await refusal(run.saveCheckpoint(stateOf(2, 4096)));
      expect(error).toMatchObject({ problem: 'full', directory: place() });
      expect(error.message).toMatch(
        /^The disk is full: ENOSPC.* Make room; .* its last checkpoint/,
      );
      expect(filesIn(place())).toEqual(before);
      expect(await run.latestCheckpoint()).toEqual(stateOf(1, 1024));
      expect((await refusal(run.finish({}, weightsOf(2, 4096)))).problem).toBe('full');
      expect(filesIn(place())).toEqual(before);
      await rm(ballast);
      await run.saveCheckpoint(stateOf(2, 1024));
      expect(await run.latestCheckpoint()).toEqual(stateOf(2, 1024));
    });
  });

  it('leaves no half a line where a report had no room', async ({ skip }) => {
    disk = mountSmallDisk(folder(), 64);
    if (!disk) return skip(NO_SMALL_DISK);
    await whileOpen(place(), async (run) => {
      const updates = async (): Promise<number[]> =>
        (await (await readRun(place())).metrics()).map(({ update }) => update);
      for (const update of [1, 2, 3]) await run.report({ update, loss: Math.PI });
      const long = { update: 4, loss: 1, note: 'x'.repeat(1 << 17) };
      expect((await refusal(run.report(long))).problem).toBe('full');
      const text = await readFile(path.join(place(), 'metrics.jsonl'), 'utf8');
      expect(text.split('\n').at(-1)).toBe('');
      expect(await updates()).toEqual([1, 2, 3]);
      await run.report({ update: 5, loss: 1 });
      expect(await updates()).toEqual([1, 2, 3, 5]);
    });
  });

  it('begins no run, and leaves nothing', async ({ skip }) => {
    disk = mountSmallDisk(folder(), 64);
    if (!disk) return skip(NO_SMALL_DISK);
    const ballast = path.join(folder(), 'ballast');
    await writeFile(ballast, Buffer.alloc(1 << 16)).catch(() => undefined);
    expect((await refusal(open())).problem).toBe('full');
    expect(await readdir(folder())).toEqual(['ballast']);
  });
});

describe('a directory that cannot be written', () => {
  it('on a disk that is read-only', async ({ skip }) => {
    disk = mountSmallDisk(folder(), 64);
    if (!disk) return skip(NO_SMALL_DISK);
    await whileOpen(place(), (run) => run.saveCheckpoint(stateOf(1)));
    disk.makeReadOnly();
    const error = await refusal(open());
    expect(error).toMatchObject({ problem: 'system' });
    expect(error.message).toMatch(/EROFS.* Choose a directory that can be written/);
    expect((await readRun(place())).state).toBe('stopped');
    expect((await refusal(openRun(path.join(folder(), 'new'), options))).problem).toBe('system');
  });

  it('below a file', async () => {
    await writeFile(path.join(folder(), 'file'), 'mine');
    const below = openRun(path.join(folder(), 'file', 'run'), options);
    expect((await refusal(below)).problem).toBe('system');
    expect(filesIn(folder())).toEqual(['file']);
  });
});

describe('a run that another has open', () => {
  it('in another process, which is named', async () => {
    await whileOpen(place(), async (run) => {
      await run.saveCheckpoint(stateOf(1));
      const before = filesIn(place());
      const { stdout } = await runModule(
        process.cwd(),
        `import { openRun, readRun } from ${JSON.stringify(import.meta.resolve('../src/runs/index.ts'))};
         const [place, options] = ${JSON.stringify([place(), options])};
         const { state } = await readRun(place);
         await openRun(place, options).catch(({ problem, message }) =>
           console.log(JSON.stringify({ state, problem, message })));`,
      );
      const told = JSON.parse(stdout);
      expect(told).toMatchObject({ state: 'running', problem: 'busy' });
      expect(told.message).toContain(`Process ${process.pid} has the run`);
      expect(filesIn(place())).toEqual(before);
    });
    await whileOpen(place(), async () => undefined);
  });

  it('in this process', async () => {
    await whileOpen(place(), async () => {
      const error = await refusal(open());
      expect(error.problem).toBe('busy');
      expect(error.message).toContain('This process has the run');
    });
    await whileOpen(place(), async () => undefined);
  });
});

describe('a directory that holds something else', () => {
  const untouched = async (problem: string): Promise<void> => {
    const before = filesIn(folder());
    const config = path.join(place(), 'config.json');
    const text = await readFile(config, 'utf8').catch(() => undefined);
    const error = await refusal(open());
    expect(error.problem).toBe(problem);
    expect(error.message).toContain(place());
    expect(filesIn(folder())).toEqual(before);
    expect(await readFile(config, 'utf8').catch(() => undefined)).toBe(text);
  };

  it('files of a stranger', async () => {
    await mkdir(place());
    await writeFile(path.join(place(), 'thesis.tex'), 'x');
    await untouched('foreign');
    await writeFile(path.join(place(), 'weights.safetensors'), 'x');
    await untouched('foreign');
  });

  it('a config.json of another program', async () => {
    await mkdir(place());
    for (const text of ['{"name":"x"}', '[]', 'null', '', '{"format":']) {
      await writeFile(path.join(place(), 'config.json'), text);
      await untouched('foreign');
    }
  });

  it('a file of that name', async () => {
    await writeFile(place(), 'x');
    await untouched('foreign');
  });

  it('a run of another config', async () => {
    const other = await openRun(place(), { ...options, hash: 'b'.repeat(64) });
    await other.close();
    await untouched('other-config');
  });

  it('a run of a newer version, or one whose config.json was changed', async () => {
    await whileOpen(place(), async () => undefined);
    const file = path.join(place(), 'config.json');
    const { sha256: _, ...content } = JSON.parse(await readFile(file, 'utf8'));
    const newer = { ...content, schema: 2 };
    await writeFile(file, JSON.stringify({ ...newer, sha256: hashData(newer) }));
    await untouched('newer');
    expect((await refusal(readRun(place()))).problem).toBe('newer');
    await writeFile(file, JSON.stringify({ ...content, hash: options.hash, sha256: 'x' }));
    await untouched('damaged');
  });

  it('a finished run', async () => {
    await whileOpen(place(), async (run) => {
      await run.finish({}, weightsOf(1));
      expect((await refusal(run.report({ update: 1, loss: 1 }))).problem).toBe('finished');
    });
    await untouched('finished');
    // Killed when the result was there, and before it had cleared up.
    const before = filesIn(place());
    await mkdir(path.join(place(), 'checkpoints', '1-update-9'), { recursive: true });
    await writeFile(path.join(place(), '.lock'), '999999999');
    expect((await refusal(open())).problem).toBe('finished');
    expect(filesIn(place())).toEqual(before);
  });

  it('nothing, and no run is to be begun', async () => {
    const none = await refusal(openRun(place(), { ...options, create: false }));
    expect(none.problem).toBe('missing');
    expect((await refusal(readRun(place()))).problem).toBe('missing');
    expect(filesIn(folder())).toEqual([]);
  });
});

describe('a run', () => {
  it('cannot be used once it is closed', async () => {
    const run = await openRun(place(), options);
    await run.close();
    await run.close();
    const error = await refusal(run.saveCheckpoint(stateOf(1)));
    expect(error).toMatchObject({ problem: 'closed', code: 'run', name: 'RunError' });
    expect(filesIn(place())).toEqual(['config.json']);
  });

  it('is taken up after a process that died with its lock, and half of its files', async () => {
    await whileOpen(place(), (run) => run.saveCheckpoint(stateOf(5)));
    await writeFile(path.join(place(), '.lock'), '999999999');
    for (const name of ['config.json.9-0-0.new', 'weights.safetensors.9-1-7.new', '.lock.9-0']) {
      await writeFile(path.join(place(), name), 'x');
    }
    for (const name of ['.2-update-6.new', '.1-update-4.old']) {
      await mkdir(path.join(place(), 'checkpoints', name));
      await writeFile(path.join(place(), 'checkpoints', name, 'state.json'), '{}');
    }
    await whileOpen(place(), async (run) => {
      expect(await run.latestCheckpoint()).toEqual(stateOf(5));
      expect(filesIn(place()).filter((name) => /new|old|lock\./.test(name))).toEqual([]);
    });
    expect(filesIn(place())).not.toContain('.lock');
  });

  it('keeps what others have put beside its checkpoints, when it is finished too', async () => {
    const newer = path.join(place(), 'checkpoints', '900-update-900');
    const own = path.join(place(), 'checkpoints', 'mine.txt');
    await whileOpen(place(), async (run) => {
      await run.saveCheckpoint(stateOf(5));
      await mkdir(newer);
      await writeFile(path.join(newer, 'state.json'), '{"schema":99}');
      await writeFile(own, 'mine');
      await run.finish({ last: 5 }, weightsOf(5));
    });
    const kept = ['900-update-900', '900-update-900/state.json', 'mine.txt'];
    expect(filesIn(path.join(place(), 'checkpoints'))).toEqual(kept);
    expect((await refusal(openRun(place(), options))).problem).toBe('finished');
    expect(filesIn(path.join(place(), 'checkpoints'))).toEqual(kept);
  });

  it('is not begun again over the weights of a finished one', async () => {
    await whileOpen(place(), (run) => run.finish({ last: 1 }, weightsOf(1)));
    await rm(path.join(place(), 'result.json'));
    const error = await refusal(openRun(place(), options));
    expect(error).toMatchObject({ problem: 'damaged' });
    expect(error.message).toContain('result.json is missing');
    expect(filesIn(place())).toContain('weights.safetensors');
  });

  it('is not taken for finished by the result of another config', async () => {
    const other = `${place()}-other`;
    const run = await openRun(other, { ...options, hash: 'b'.repeat(64) });
    await run.finish({ last: 1 }, weightsOf(1));
    await run.close();
    await whileOpen(place(), (run) => run.saveCheckpoint(stateOf(5)));
    for (const name of ['result.json', 'weights.safetensors']) {
      await copyFile(path.join(other, name), path.join(place(), name));
    }
    expect((await refusal(readRun(place()))).message).toContain('belongs to a run of another');
    expect((await refusal(openRun(place(), options))).problem).toBe('damaged');
  });

  it('is begun where a process died before it had written config.json', async () => {
    await mkdir(place());
    await writeFile(path.join(place(), '.lock'), '');
    await writeFile(path.join(place(), 'config.json.9-0-0.new'), '{"form');
    await whileOpen(place(), async () => {
      expect(filesIn(place())).toEqual(['.lock', 'config.json']);
    });
  });
});
