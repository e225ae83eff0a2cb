import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { OptionError } from '@fastweights/core';
import { version_core } from '@tensorflow/tfjs-core';
import { command, listOf, parsed, say, tell } from './command.ts';
import { crossover, crossoverSweeps } from './crossover.ts';
import type { GrowthPoint, GrowthResult } from './growth-point.ts';
import { backendNames } from './kernels.ts';
import { describeMachine } from './machine.ts';
import { table } from './report.ts';
import { checkName, save as saveResult } from './save.ts';

const base = { batch: 16, time: 32, units: 64, innerSteps: 1 };

const sweeps = {
  // A small batch: at 1,024 steps the memory of the forms is the limit.
  time: [8, 16, 32, 64, 128, 256, 512, 1024].map((time) => ({ ...base, batch: 2, time })),
  units: [16, 32, 64, 128, 256, 512].map((units) => ({ ...base, batch: 4, units })),
  batch: [1, 4, 16, 64, 128, 512].map((batch) => ({ ...base, batch })),
  innerSteps: [0, 1, 2, 3, 4].map((innerSteps) => ({ ...base, innerSteps })),
  crossover: crossoverSweeps.flat(),
} as const;

const help = `pnpm bench:growth [options]

How the cost of a scan, forward and backward, grows with each of its sizes, in both forms of the memory.

  --kernels LIST   reference,fused (default both)
  --backend NAME   a backend of useBackend (default wasm)
  --sweeps LIST    ${Object.keys(sweeps).join()} (default all)
  --save NAME      also write bench/results/NAME.json`;

/** A point that takes longer is given up, in ms. */
const LONGEST = 90_000;

const run = promisify(execFile);

await command(async (args) => {
  const text = { type: 'string' } as const;
  const options = { kernels: text, backend: text, sweeps: text, save: text } as const;
  const flag = { help: { type: 'boolean' } } as const;
  const { values } = parsed(() => parseArgs({ args: [...args], options: { ...options, ...flag } }));
  if (values.help) return say(help);
  const { kernels = 'reference,fused' } = values;
  const [backend = 'wasm', ...others] = listOf('--backend', values.backend ?? 'wasm', backendNames);
  if (others.length > 0) throw new OptionError('--backend', 'one name', `${values.backend}`);
  const save = checkName(values.save);
  const every = Object.keys(sweeps) as (keyof typeof sweeps)[];
  const chosen = listOf('--sweeps', values.sweeps ?? every.join(), every);
  const machine = describeMachine();
  const results: Record<string, GrowthResult[]> = {};
  for (const kind of listOf('--kernels', kernels, ['reference', 'fused'])) {
    for (const name of chosen) {
      const measured = await sweep(sweeps[name], kind, backend);
      results[`${kind} ${name}`] = measured;
      say(`### ${backend}, ${kind}: ${name}\n`);
      say(`${name === 'crossover' ? crossover(measured) : growthTable(measured)}\n`);
    }
  }
  if (save === undefined) return;
  const versions = { node: process.version, tfjs: version_core };
  const date = new Date().toISOString();
  say(`Saved ${saveResult(save, { date, machine, versions, command: args, results })}`);
});

type Sizes = Pick<GrowthPoint, 'batch' | 'time' | 'units' | 'innerSteps'>;

async function sweep(
  points: readonly Sizes[],
  kernels: GrowthPoint['kernels'],
  backend: string,
): Promise<GrowthResult[]> {
  const measured: GrowthResult[] = [];
  for (const sizes of points) {
    for (const memory of ['attention', 'matrix'] as const) {
      measured.push(await measure({ ...sizes, memory, kernels, backend }));
    }
  }
  return measured;
}

/** Every point in a process of its own: the memory of the one before would count otherwise. */
async function measure(point: GrowthPoint): Promise<GrowthResult> {
  const { memory, kernels, batch, time, units, innerSteps } = point;
  tell(`${kernels} ${memory} B ${batch} T ${time} H ${units} S ${innerSteps}`);
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const script = fileURLToPath(new URL('./growth-point.ts', import.meta.url));
  const flags = ['--import', tsx, script];
  try {
    const { stdout } = await run(process.execPath, [...flags, JSON.stringify(point)], {
      timeout: LONGEST,
    });
    return { ...point, ...(JSON.parse(stdout) as object) };
  } catch (error) {
    const text = error instanceof Error && 'stderr' in error ? String(error.stderr) : `${error}`;
    const failure = /\w*Error: .*/.exec(text)?.[0] ?? text.trim().split('\n').at(-1);
    return { ...point, failure: failure ?? 'no answer' };
  }
}

function growthTable(measured: readonly GrowthResult[]): string {
  const header = [
    'B',
    'T',
    'H',
    'S',
    'memory',
    'ms',
    'tensors, MB',
    'heap of wasm, MB',
    'process, MB',
  ];
  const megabytes = (bytes: number | undefined): string =>
    bytes === undefined ? '–' : (bytes / 2 ** 20).toPrecision(3);
  const rows = measured.map((it) => [
    ...[it.batch, it.time, it.units, it.innerSteps].map(String),
    it.memory,
    it.ms?.toPrecision(3) ?? it.failure ?? '–',
    megabytes(it.peakBytes),
    megabytes(it.wasmHeap),
    megabytes(it.resident),
  ]);
  return table([header, ...rows]);
}
