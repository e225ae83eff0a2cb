import { readdir, readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { crc32c } from '../src/runs/crc32c.ts';
import { readEvents } from './event-reader.ts';
import { stateOf, temporaryFolder, whileOpen } from './runs-kit.ts';

const folder = temporaryFolder();

async function eventFiles(): Promise<string[]> {
  return (await readdir(folder())).filter((name) => name.includes('tfevents')).sort();
}
const eventsOf = async (name: string) => readEvents(await readFile(path.join(folder(), name)));

describe('event files', () => {
  it('are checked with CRC-32C', () => {
    // RFC 3720, appendix B.4.
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
    expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
  });

  it('hold every scalar of every report, after what TensorBoard expects first', async () => {
    const before = Date.now() / 1000;
    await whileOpen(folder(), async (run) => {
      await run.report({ update: 20, loss: 2.25 });
      const more = { learningRate: 0.001, gradientNorm: 3, other: 5 };
      await run.report({ update: 5_000_000_000, loss: Number.NaN, validationError: 0.5, ...more });
    });
    const [name = '', ...rest] = await eventFiles();
    expect(rest).toEqual([]);
    expect(name).toMatch(/^events\.out\.tfevents\.\d{10}\../);
    expect(name.endsWith(hostname())).toBe(true);
    const [first, session, one, two, ...none] = await eventsOf(name);
    expect(none).toEqual([]);
    expect(first).toMatchObject({ fileVersion: 'brain.Event:2', step: 0, scalars: {} });
    expect(session).toMatchObject({ sessionStatus: 1, step: 1, scalars: {} });
    expect(one).toMatchObject({ step: 20, scalars: { 'training/loss': 2.25 } });
    expect(two?.step).toBe(5_000_000_000);
    expect(two?.scalars).toEqual({
      'training/loss': Number.NaN,
      'validation/error': 0.5,
      'training/learning rate': Math.fround(0.001),
      'training/gradient norm': 3,
      'training/updates per second': expect.any(Number),
    });
    for (const event of [first, one, two]) {
      expect(event?.wallTime).toBeGreaterThanOrEqual(Math.floor(before));
      expect(event?.wallTime).toBeLessThanOrEqual(Date.now() / 1000);
    }
  });

  it('come one for each time that a run is taken up, in the order of their names', async () => {
    await whileOpen(folder(), async (run) => {
      await run.report({ update: 20, loss: 2 });
      await run.saveCheckpoint(stateOf(20));
      await run.report({ update: 40, loss: 1 });
    });
    for (let time = 0; time < 2; time++) {
      await whileOpen(folder(), (run) => run.report({ update: 40, loss: time }));
    }
    const names = await eventFiles();
    expect(names).toHaveLength(3);
    const [, second, third] = await Promise.all(names.map(eventsOf));
    // TensorBoard forgets what it has of step 21 and later ones.
    expect(second?.[1]).toMatchObject({ sessionStatus: 1, step: 21 });
    expect(second?.[2]).toMatchObject({ step: 40, scalars: { 'training/loss': 0 } });
    expect(third?.[2]).toMatchObject({ step: 40, scalars: { 'training/loss': 1 } });
  });

  it('are not there where nothing was reported', async () => {
    await whileOpen(folder(), (run) => run.latestCheckpoint());
    expect(await eventFiles()).toEqual([]);
  });
});
