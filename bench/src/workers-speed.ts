import { parseArgs } from 'node:util';
import { OptionError } from '@fastweights/core';
import { startWorkers } from '@fastweights/trainers/node';
import { version_core } from '@tensorflow/tfjs-core';
import { command, parsed, say, tell } from './command.ts';
import { describeMachine } from './machine.ts';
import { table } from './report.ts';
import { checkName, save } from './save.ts';
import { tsModule } from './ts-module.ts';
import type { Reached, SupervisedJob } from './workers/supervised.ts';

const help = `pnpm bench:workers [options]

How much faster worker threads train associative retrieval together than one alone, on wasm, in batches of 128: whole
updates, with the data and, in the second figure, the validation of 10,000 strings after every hundred. Trainings take turns,
and the fastest stretch of each counts: whatever else the machine does makes stretches slower, never faster.

  --units LIST     R (default 50,100)
  --workers LIST   how many (default 1,2)
  --rounds N       trainings of each (default 4)
  --updates N      of a training (default 600)
  --save NAME      also write bench/results/NAME.json`;

const EVERY = { validateEvery: 100, reportEvery: 20 };

interface WorkersTiming {
  readonly units: number;
  readonly workers: number;
  /** The fastest stretch of each round, in ms for an update: of updates alone, and with the validation. */
  readonly updates: readonly number[];
  readonly validated: readonly number[];
}

const module = tsModule(new URL('./workers/supervised.ts', import.meta.url));

await command(async (args) => {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', short: 'h' } as const;
  const options = {
    units: text,
    workers: text,
    rounds: text,
    updates: text,
    save: text,
    help: flag,
  };
  const { values } = parsed(() => parseArgs({ args: [...args], options }));
  if (values.help) return say(help);
  const name = checkName(values.save);
  const machine = describeMachine();
  const results: WorkersTiming[] = [];
  const [rounds = 4] = numbers('--rounds', values.rounds ?? '4');
  const [updates = 600] = numbers('--updates', values.updates ?? '600');
  for (const units of numbers('--units', values.units ?? '50,100')) {
    const counts = numbers('--workers', values.workers ?? '1,2');
    const timings = await race({ units, updates, ...EVERY }, counts, rounds);
    results.push(...timings);
    report(timings);
  }
  if (name === undefined) return;
  const date = new Date().toISOString();
  const versions = { node: process.version, tfjs: version_core };
  say(`Saved ${save(name, { date, machine, versions, command: args, results })}`);
});

function numbers(name: string, text: string): number[] {
  const found = text.split(',').map(Number);
  if (found.every((n) => Number.isSafeInteger(n) && n > 0)) return found;
  throw new OptionError(name, 'whole numbers above 0, with commas between them', text);
}

/** By turns, so that all have their share of whatever else the machine does. */
async function race(
  job: SupervisedJob,
  counts: readonly number[],
  rounds: number,
): Promise<WorkersTiming[]> {
  const timings = counts.map((workers) => ({
    units: job.units,
    workers,
    updates: [] as number[],
    validated: [] as number[],
  }));
  for (let round = 1; round <= rounds; round++) {
    for (const { workers, updates, validated } of timings) {
      tell(`R = ${job.units}, ${workers} workers, round ${round}`);
      const reached = await startWorkers<Reached[]>({ module, workers, data: job });
      updates.push(fastest(reached, job.validateEvery - job.reportEvery, job.reportEvery));
      validated.push(fastest(reached, job.validateEvery, 0));
    }
  }
  return timings;
}

/** The fastest stretch of so many updates, in ms for each; they begin so many updates after a validation. */
function fastest(reached: readonly Reached[], length: number, after: number): number {
  const times = new Map(reached.map(({ update, at }) => [update, at]));
  const stretches = reached
    .filter(({ update }) => update % EVERY.validateEvery === after)
    .flatMap(({ update, at }) => {
      const end = times.get(update + length - after);
      return end === undefined ? [] : [(end - at) / (length - after)];
    });
  return Math.min(...stretches);
}

function report(timings: readonly WorkersTiming[]): void {
  const best = timings.map(({ updates, validated }) =>
    [updates, validated].map((all) => Math.min(...all)),
  );
  const ms = (value: number): string => `${value.toPrecision(3)} ms`;
  const rows = timings.map(({ units, workers }, i) => {
    const [update = Number.NaN, validated = Number.NaN] = best[i] ?? [];
    const [firstUpdate = Number.NaN, firstValidated = Number.NaN] = best[0] ?? [];
    return [
      `R = ${units}`,
      `${workers}`,
      ms(update),
      `${(firstUpdate / update).toFixed(2)}×`,
      ms(validated),
      `${(firstValidated / validated).toFixed(2)}×`,
    ];
  });
  say(table([['', 'workers', 'an update', '', 'with validation', ''], ...rows]));
}
