import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { isDeepStrictEqual } from 'node:util';
import { random, uniform } from '@fastweights/core';
import { startModule } from '@fastweights/testing';
import { describe, expect, it } from 'vitest';
import { readRun } from '../src/runs/index.ts';
import { filesIn, stateOf, temporaryFolder, weightsOf, whileOpen } from './runs-kit.ts';

const folder = temporaryFolder();
const place = (): string => path.join(folder(), 'run');

const KILLS = 20;
/** Numbers of each of three files: writing takes longer than anything between. */
const SIZE = 100_000;

/** About how long a save takes where none was seen, in ms. */
const FIRST = 60;

const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

/** Waits for a line; then takes the run up and goes on for ever, and says each update that was saved. */
const endless = (): string => `
  import { once } from 'node:events';
  import { writeSync } from 'node:fs';
  import { openRun } from ${JSON.stringify(import.meta.resolve('../src/runs/index.ts'))};
  import { options, stateOf } from ${JSON.stringify(import.meta.resolve('./runs-child.ts'))};
  writeSync(1, 'ready\\n');
  await once(process.stdin, 'data');
  const run = await openRun(${JSON.stringify(place())}, options);
  const from = await run.latestCheckpoint();
  for (let update = (from?.update ?? 0) + 1; ; update++) {
    await run.report({ update, loss: 1 / update });
    await run.saveCheckpoint(stateOf(update, ${SIZE}));
    writeSync(1, update + '\\n');
  }`;

interface Writer {
  /** Lets it begin, kills it after so many saves and a part, and answers the last update that it said it had saved. */
  runFor(saves: number): Promise<number>;
}

function startWriter(): Writer {
  const child = startModule(process.cwd(), endless());
  const said: string[] = [];
  let faults = '';
  child.stderr.on('data', (text) => {
    faults += text;
  });
  const lines = createInterface(child.stdout);
  lines.on('line', (line) => said.push(line));
  const ready = Promise.race([once(lines, 'line'), once(child, 'exit')]);
  return {
    async runFor(saves) {
      await ready;
      const ended = once(child, 'close');
      const whole = Math.floor(saves);
      const began = performance.now();
      child.stdin.write('go\n');
      // However slow the disk is, and whoever else computes here.
      while (said.length <= whole && child.exitCode === null) await tick();
      const each = whole > 0 ? (performance.now() - began) / whole : FIRST;
      await new Promise((resolve) => setTimeout(resolve, (saves - whole) * each));
      child.kill('SIGKILL');
      const [, signal] = await ended;
      if (signal !== 'SIGKILL') throw new Error(`It ended by itself: ${faults}`);
      return Number(said.slice(1).at(-1) ?? 0);
    },
  };
}

describe('a process killed', () => {
  it(`at ${KILLS} random moments loses nothing that was saved`, { timeout: 300_000 }, async () => {
    const draw = random(11);
    let answered = 0;
    let torn = 0;
    let next = startWriter();
    for (let kill = 0; kill < KILLS; kill++) {
      const writer = next;
      // The next one starts meanwhile, which takes longer than all else.
      next = startWriter();
      const saved = await writer.runFor(uniform(draw, 0, 5));
      answered = Math.max(answered, saved);
      const checkpoints = path.join(place(), 'checkpoints');
      const names = await readdir(checkpoints).catch(() => []);
      torn += names.filter((name) => name.startsWith('.')).length;
      await whileOpen(place(), async (run) => {
        const refused: unknown[] = [];
        const state = await run.latestCheckpoint((one) => refused.push(one));
        expect(refused).toEqual([]);
        const reached = state?.update ?? 0;
        expect(reached).toBeGreaterThanOrEqual(answered);
        // The last may have been saved, and killed before it could say so.
        if (saved > 0) expect(reached).toBeLessThanOrEqual(saved + 1);
        // A hundred times as fast as toEqual on so many bytes.
        if (state) expect(isDeepStrictEqual(state, stateOf(reached, SIZE))).toBe(true);
        answered = reached;
      });
    }
    await next.runFor(0).catch(() => undefined);
    expect(torn, 'checkpoints that were half written when they were killed').toBeGreaterThan(0);
    expect(answered).toBeGreaterThan(KILLS);

    await whileOpen(place(), async (run) => {
      const last = ((await run.latestCheckpoint())?.update ?? 0) + 1;
      await run.report({ update: last, loss: 1 / last });
      await run.finish({ last }, weightsOf(last));
      const metrics = await (await readRun(place())).metrics();
      expect(metrics.map(({ update, loss }) => [update, loss])).toEqual(
        Array.from({ length: last }, (_, i) => [i + 1, 1 / (i + 1)]),
      );
    });
    expect([...new Set(filesIn(place()))]).toEqual([
      'config.json',
      'events.out.tfevents',
      'metrics.jsonl',
      'result.json',
      'weights.safetensors',
    ]);
  });
});
