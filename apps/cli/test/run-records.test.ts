import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FastWeightsError } from '@fastweights/core';
import { replaceFile } from '@fastweights/core/node';
import type { Metric, RunRecord } from '@fastweights/trainers/runs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { summariseRun } from '../src/run-records/run-summary.ts';
import { comparePage, listPage, showPage } from '../src/run-records/runs-pages.ts';
import { textOf } from '../src/terminal/line.ts';
import { readSessions, type Session, writeSessions } from '../src/training-run/sessions.ts';

vi.mock(import('@fastweights/core/node'), async (original) => {
  const node = await original();
  return { ...node, replaceFile: vi.fn(node.replaceFile) };
});

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fastweights-records-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const session: Session = {
  ...{ started: '2026-11-20T14:07:58Z', workers: 2, backend: 'wasm', device: 'CPU', seconds: 3.5 },
};
const file = (): string => path.join(folder, 'sessions.json');

describe('sessions', () => {
  it('are read as they were written', async () => {
    expect(await readSessions(folder)).toEqual([]);
    await writeSessions(folder, [session, session]);
    expect(await readSessions(folder)).toEqual([session, session]);
  });

  it.each([
    null,
    7,
    'wasm',
    [[session]],
    { ...session, seconds: '3' },
    { ...session, seconds: null },
    { ...session, workers: 1.5 },
    { ...session, backend: 'abacus' },
    { ...session, device: undefined },
    { ...session, started: 0 },
  ])('that are none are passed over: %j', async (odd) => {
    await writeFile(file(), JSON.stringify([odd, session]));
    expect(await readSessions(folder)).toEqual([session]);
  });

  it.each(['', '{}', '[{', 'null', '{"length":1}'])('are none in %j', async (text) => {
    await writeFile(file(), text);
    expect(await readSessions(folder)).toEqual([]);
  });

  it('say what helps where they cannot be written, and are none in a folder of that name', async () => {
    await mkdir(file());
    expect(await readSessions(folder)).toEqual([]);
    const refused = await writeSessions(folder, [session]).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(FastWeightsError);
    expect(refused).toMatchObject({ code: 'run', cause: expect.any(Error) });
    expect((refused as Error).message).toContain(`See to it that ${file()} can be written; `);
    expect((refused as Error).message).toMatch(/the last checkpoint is kept, and the same command/);
  });

  it('ask for room on a full disk', async () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    vi.mocked(replaceFile).mockRejectedValueOnce(full);
    await expect(writeSessions(folder, [session])).rejects.toMatchObject({
      ...{ code: 'run', cause: full },
      message: expect.stringContaining(`${full.message}. Make room on the disk; `),
    });
  });
});

/** A run with these lines, whatever they are. */
const record = (metrics: readonly unknown[], result?: unknown): RunRecord => ({
  ...{ directory: folder, state: 'stopped', hash: 'a'.repeat(64), created: '', versions: {} },
  ...{ config: { seed: 1 }, result },
  metrics: async () => metrics as Metric[],
  weights: async () => undefined,
});

const good = { update: 10, loss: 0.5, validationError: 0.25, time: '' };

describe('the record of a run', () => {
  it.each([
    7,
    'text',
    [[]],
    {},
    { ...good, update: '20' },
    { ...good, update: null },
    { ...good, loss: 'low' },
    { ...good, loss: undefined },
    { ...good, validationError: '0.1' },
    { ...good, validationError: {} },
    { ...good, validationLoss: null },
  ])('is shown without lines whose numbers are none: %j', async (odd) => {
    const run = await summariseRun(record([good, odd]));
    expect(run.metrics).toEqual([good]);
    const lines = [
      ...showPage(run, 80),
      ...listPage([run.summary]),
      ...comparePage([run.summary, run.summary], 80),
    ].map(textOf);
    expect(lines.join('\n')).toContain('25.00 % at 10');
    expect((await summariseRun(record([odd]))).summary).toMatchObject({ updates: 0 });
  });

  it('keeps numbers that are not finite', async () => {
    const diverged = { ...good, update: 20, loss: Number.NaN, validationError: Number.NaN };
    const run = await summariseRun(record([good, diverged]));
    expect(run.summary).toMatchObject({ updates: 20, loss: Number.NaN });
    expect(showPage(run, 80).map(textOf).join('\n')).toContain('NaN');
  });

  it.each([
    7,
    'text',
    { testError: 'low', best: { validationError: '1', update: 3 }, seconds: '1', stopped: 5 },
    { best: null, updates: null, testError: null },
    { best: 'text' },
  ])('is shown whatever its result is: %j', async (result) => {
    const run = await summariseRun(record([good], result));
    expect(showPage(run, 80).map(textOf).join('\n')).toContain('25.00 % at 10');
  });
});
