import { parseArgs } from 'node:util';
import { type BackendName, useBackend } from '@fastweights/backends';
import { version_core } from '@tensorflow/tfjs-core';
import { command, listOf, parsed, say, tell } from './command.ts';
import { type DataSource, type DataSourceName, dataSources } from './data-sources.ts';
import { describeMachine } from './machine.ts';
import { table } from './report.ts';
import { checkName, save } from './save.ts';
import { median, spread } from './statistics.ts';

const names = Object.keys(dataSources) as DataSourceName[];
const BATCH_SIZE = 128;
const ROUNDS = 5;
/** How long a round takes, in ms. */
const ROUND = 1000;

const help = `pnpm bench:data [options]

How many examples a second each data set gives out, in shuffled batches of ${BATCH_SIZE}.

  --sources LIST   ${names.join()} (default all)
  --backend NAME   the backend that the tensors are made on (default wasm)
  --save NAME      also write bench/results/NAME.json`;

interface DataTiming {
  readonly source: DataSourceName;
  readonly unit: string;
  /** Until the first batch is there, in ms. */
  readonly start: number;
  /** Examples a second; the median of the rounds. */
  readonly perSecond: number;
  readonly spread: number;
}

await command(async (args) => {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', short: 'h' } as const;
  const options = { sources: text, backend: text, save: text, help: flag };
  const { values } = parsed(() => parseArgs({ args: [...args], options }));
  if (values.help) return say(help);
  const name = checkName(values.save);
  const machine = describeMachine();
  const prefer = (values.backend ?? 'wasm') as BackendName;
  const { packageName, version } = await useBackend({ prefer });
  const results: DataTiming[] = [];
  for (const source of listOf('--sources', values.sources ?? names.join(), names)) {
    tell(source);
    results.push(await time(source, dataSources[source]));
  }
  report(results);
  if (name === undefined) return;
  const date = new Date().toISOString();
  const versions = { node: process.version, tfjs: version_core, [packageName]: version };
  say(`Saved ${save(name, { date, machine, versions, command: args, results })}`);
});

async function time(name: DataSourceName, source: DataSource): Promise<DataTiming> {
  const opened = performance.now();
  const stream = (await source.open(BATCH_SIZE))[Symbol.asyncIterator]();
  await stream.next();
  const start = performance.now() - opened;
  // Engines compile what runs often, so the first round does not count.
  const rounds: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) rounds.push(await perSecond(stream));
  await stream.return?.();
  const counted = rounds.slice(1);
  const { unit } = source;
  return { source: name, unit, start, perSecond: median(counted), spread: spread(counted) };
}

/** Examples a second over one round. */
async function perSecond(stream: AsyncIterator<number>): Promise<number> {
  const start = performance.now();
  let examples = 0;
  let elapsed = 0;
  do {
    const { value } = await stream.next();
    examples += value;
    elapsed = performance.now() - start;
  } while (elapsed < ROUND);
  return (1000 * examples) / elapsed;
}

function report(results: readonly DataTiming[]): void {
  const header = ['', 'a second', `ms / batch of ${BATCH_SIZE}`, 'ms to the first', 'spread'];
  const rows = results.map(({ unit, perSecond, start, spread }) => [
    unit,
    `${Math.round(perSecond)}`,
    ((1000 * BATCH_SIZE) / perSecond).toPrecision(3),
    start.toFixed(0),
    `${Math.round(spread * 100)} %`,
  ]);
  say(table([header, ...rows]));
}
