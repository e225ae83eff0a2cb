import { cp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { integer, random } from '@fastweights/core';
import { hashData } from '@fastweights/core/node';
import { describe, expect, it } from 'vitest';
import { openRun, type RefusedCheckpoint, readRun } from '../src/runs/index.ts';
import { filesIn, options, refusal, stateOf, temporaryFolder, whileOpen } from './runs-kit.ts';

const folder = temporaryFolder();
const place = (): string => path.join(folder(), 'run');
const newest = (name = ''): string => path.join(place(), 'checkpoints', '2-update-20', name);

const saveTwo = (): Promise<void> =>
  whileOpen(place(), async (run) => {
    for (const update of [10, 20]) {
      await run.report({ update, loss: 1 / update });
      await run.saveCheckpoint(stateOf(update));
    }
  });

async function flipBit(file: string, bit: number): Promise<void> {
  const bytes = await readFile(file);
  bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
  await writeFile(file, bytes);
}

/** As another program would write it, whole. */
async function reseal(change: object): Promise<void> {
  const { sha256: _, ...state } = JSON.parse(await readFile(newest('state.json'), 'utf8'));
  const changed = { ...state, ...change };
  const text = JSON.stringify({ ...changed, sha256: hashData(changed) });
  await writeFile(newest('state.json'), text);
}

const damages: [
  name: string,
  damage: () => Promise<unknown>,
  expected: Partial<RefusedCheckpoint>,
][] = [
  [
    'truncated weights',
    () => truncate(newest('weights.safetensors'), 40),
    {
      problem: 'damaged',
      reason: expect.stringMatching(/^weights\.safetensors has 40 of \d+ bytes$/),
    },
  ],
  [
    'empty optimiser',
    () => truncate(newest('optimizer.safetensors'), 0),
    { problem: 'damaged', reason: expect.stringMatching(/^optimizer\.safetensors has 0 of/) },
  ],
  [
    'one bit of the best weights',
    () => flipBit(newest('best-weights.safetensors'), 1000),
    { problem: 'damaged', reason: 'best-weights.safetensors does not fit its checksum' },
  ],
  [
    'missing weights',
    () => rm(newest('weights.safetensors')),
    { problem: 'damaged', reason: 'weights.safetensors is missing' },
  ],
  [
    'missing state',
    () => rm(newest('state.json')),
    { problem: 'damaged', reason: 'state.json is missing' },
  ],
  [
    'truncated state',
    () => truncate(newest('state.json'), 300),
    { problem: 'damaged', reason: 'state.json is no whole JSON' },
  ],
  [
    'a digit of the position',
    async () => {
      const text = await readFile(newest('state.json'), 'utf8');
      expect(text).toContain('"example": 2560');
      await writeFile(newest('state.json'), text.replace('"example": 2560', '"example": 2561'));
    },
    { problem: 'damaged', reason: 'state.json does not fit its checksum' },
  ],
  [
    'a file outside',
    () => reseal({ files: { '../../config.json': { bytes: 1, sha256: '' } } }),
    { problem: 'damaged', reason: '../../config.json is missing' },
  ],
  [
    'another config',
    () => reseal({ hash: 'b'.repeat(64) }),
    {
      problem: 'other-config',
      reason: 'it belongs to the config bbbbbbbbbbbb, and this run has aaaaaaaaaaaa',
    },
  ],
  [
    'a newer schema',
    () => reseal({ schema: 2 }),
    { problem: 'newer', reason: 'it is of schema 2, and this version reads 1' },
  ],
  [
    'a newer schema, sealed otherwise',
    () => writeFile(newest('state.json'), '{"schema":7,"seal":"?"}'),
    { problem: 'newer', reason: 'it is of schema 7, and this version reads 1' },
  ],
];

describe('a checkpoint with', () => {
  it.each(damages)('%s is refused, and the one before is offered', async (_, damage, expected) => {
    await saveTwo();
    await damage();
    const refused: RefusedCheckpoint[] = [];
    await whileOpen(place(), async (run) => {
      const state = await run.latestCheckpoint((one) => refused.push(one));
      expect(state).toEqual(stateOf(10));
      await run.report({ update: 15, loss: 0 });
    });
    expect(refused).toEqual([{ folder: newest(), ...expected }]);
    const metrics = await (await readRun(place())).metrics();
    expect(metrics.map(({ update }) => update)).toEqual([10, 15]);
  });
});

describe('checkpoints', () => {
  it('with any bit flipped are refused, unless they say the same all the same', async () => {
    await saveTwo();
    const at = random(6);
    const names = ['weights', 'optimizer', 'best-weights'].map((name) => `${name}.safetensors`);
    let refused = 0;
    for (let flip = 0; flip < 60; flip++) {
      const name = [...names, 'state.json'][flip % 4] as string;
      const bit = integer(at, 8 * (await readFile(newest(name))).length);
      await flipBit(newest(name), bit);
      const state = await whileOpen(place(), (run) => run.latestCheckpoint(() => refused++));
      // A space between two words of state.json can become another one.
      expect([stateOf(10), stateOf(20)], `bit ${bit} of ${name}`).toContainEqual(state);
      if (names.includes(name)) expect(state, `bit ${bit} of ${name}`).toEqual(stateOf(10));
      await flipBit(newest(name), bit);
    }
    expect(refused).toBeGreaterThan(45);
    expect(await whileOpen(place(), (run) => run.latestCheckpoint())).toEqual(stateOf(20));
  });

  it('that cannot be used, all of them, are no reason to begin again unasked', async () => {
    await saveTwo();
    await truncate(newest('weights.safetensors'), 3);
    await rm(path.join(place(), 'checkpoints', '1-update-10', 'optimizer.safetensors'));
    const before = filesIn(place());
    await whileOpen(place(), async (run) => {
      const error = await refusal(run.latestCheckpoint());
      expect(error).toMatchObject({ problem: 'damaged', directory: place() });
      expect(error.refused.map(({ folder: at }) => path.basename(at))).toEqual([
        '2-update-20',
        '1-update-10',
      ]);
      expect(error.message).toContain('optimizer.safetensors is missing');
      expect(error.message).toContain(`delete ${path.join(place(), 'checkpoints')}`);
      expect((await refusal(run.report({ update: 1, loss: 1 }))).problem).toBe('damaged');
      expect((await refusal(run.saveCheckpoint(stateOf(1)))).problem).toBe('damaged');
    });
    expect(filesIn(place())).toEqual(before);
    expect(await (await readRun(place())).metrics()).toHaveLength(2);
  });

  it('of another model, put here by hand, are refused and stay', async () => {
    const other = path.join(folder(), 'other');
    const run = await openRun(other, { ...options, hash: 'c'.repeat(64) });
    await run.saveCheckpoint(stateOf(99));
    await run.close();
    await whileOpen(place(), async () => undefined);
    const from = path.join(other, 'checkpoints');
    await cp(from, path.join(place(), 'checkpoints'), { recursive: true });
    const error = await refusal(whileOpen(place(), (own) => own.latestCheckpoint()));
    expect(error).toMatchObject({ problem: 'other-config' });
    expect(error.refused).toMatchObject([{ problem: 'other-config' }]);
  });

  it('that are damaged give way to two whole ones; those of a newer version stay', async () => {
    await saveTwo();
    await reseal({ schema: 2 });
    await whileOpen(place(), async (run) => {
      expect((await run.latestCheckpoint())?.update).toBe(10);
      for (const update of [11, 12, 13]) await run.saveCheckpoint(stateOf(update));
    });
    const names = filesIn(path.join(place(), 'checkpoints')).filter((name) => !name.includes('/'));
    expect(names).toEqual(['2-update-20', '4-update-12', '5-update-13']);
    await truncate(path.join(place(), 'checkpoints', '5-update-13', 'state.json'), 9);
    await whileOpen(place(), async (run) => {
      expect((await run.latestCheckpoint())?.update).toBe(12);
      await run.saveCheckpoint(stateOf(13));
    });
    const left = filesIn(path.join(place(), 'checkpoints')).filter((name) => !name.includes('/'));
    expect(left).toEqual(['2-update-20', '4-update-12', '6-update-13']);
  });
});
