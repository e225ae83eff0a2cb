import { parseArgs } from 'node:util';
import { OptionError } from '@fastweights/core';
import { startWorkers } from '@fastweights/trainers/node';
import { version_core } from '@tensorflow/tfjs-core';
import { command, parsed, say, tell } from './command.ts';
import { describeMachine } from './machine.ts';
import { table } from './report.ts';
import { checkName, save } from './save.ts';
import { median } from './statistics.ts';
import { tsModule } from './ts-module.ts';
import { type Round, type TurnTimes, timesOf } from './turns.ts';
import type { TurnsJob } from './workers/supervised.ts';

const help = `pnpm bench:workers [options]

How much faster worker threads train associative retrieval together than one alone, on wasm, in batches of 128: whole
updates, with the data and, in the second figure, the validation of 10,000 strings after every two hundred. They train by
turns, one alone and all together, in one process. Of each turn the fastest stretch of 20 updates counts, and the fastest of
200 with their validation: whatever else the machine does makes them slower, never faster.

  --units LIST     R (default 50,100)
  --workers LIST   how many train together (default 2)
  --rounds N       turns of each (default 10)
  --updates N      of a turn (default 400)
  --save NAME      also write bench/results/NAME.json`;

const LENGTHS = { stretch: 20, validateEvery: 200 };

const HEADER = ['', '', 'one', 'workers', 'together', 'fastest', 'median of the rounds'];

/** In ms for an update; one entry for each round. */
interface Speedup {
  readonly units: number;
  readonly workers: number;
  readonly alone: readonly TurnTimes[];
  readonly together: readonly TurnTimes[];
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
  const [rounds = 10] = numbers('--rounds', values.rounds ?? '10');
  const [updates = 400] = numbers('--updates', values.updates ?? '400');
  const results: Speedup[] = [];
  for (const units of numbers('--units', values.units ?? '50,100')) {
    for (const workers of numbers('--workers', values.workers ?? '2')) {
      tell(`R = ${units}: ${rounds} turns of one worker and of ${workers}`);
      results.push(await race({ units, rounds, updates, ...LENGTHS }, workers));
    }
  }
  say(
    table([
      HEADER,
      ...results.flatMap((result) => [row(result, 'update'), row(result, 'validated')]),
    ]),
  );
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

async function race(data: TurnsJob, workers: number): Promise<Speedup> {
  const rounds = await startWorkers<Round[]>({ module, workers, data });
  return {
    units: data.units,
    workers,
    alone: rounds.map(({ alone }) => timesOf(alone, LENGTHS)),
    together: rounds.map(({ together }) => timesOf(together, LENGTHS)),
  };
}

/** The fastest of all turns, and how far the ratios of the rounds lie apart. */
function row({ units, workers, alone, together }: Speedup, what: keyof TurnTimes): string[] {
  const [one, all] = [alone, together].map((turns) => turns.map((times) => times[what])) as [
    number[],
    number[],
  ];
  const ratios = one.map((ms, round) => ms / (all[round] as number));
  const [fastestOne, fastest] = [Math.min(...one), Math.min(...all)];
  const times = (ratio: number): string => ratio.toFixed(2);
  return [
    `R = ${units}`,
    what === 'update' ? 'an update' : 'with validation',
    `${fastestOne.toPrecision(3)} ms`,
    `${workers}`,
    `${fastest.toPrecision(3)} ms`,
    `${times(fastestOne / fastest)}×`,
    `${times(median(ratios))}× (${times(Math.min(...ratios))}–${times(Math.max(...ratios))})`,
  ];
}
