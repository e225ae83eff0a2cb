import { parseArgs } from 'node:util';
import { BackendError, type BackendName, useBackend } from '@fastweights/backends';
import { FastWeightsError } from '@fastweights/core';
import { dispose, version_core } from '@tensorflow/tfjs-core';
import { command, listOf, parsed, say, tell } from './command.ts';
import { backendNames, fusedKernels } from './kernels.ts';
import { describeMachine } from './machine.ts';
import { drawInputs, type OpCase, opCases } from './op-cases.ts';
import { table } from './report.ts';
import { checkName, save } from './save.ts';
import { median } from './statistics.ts';
import { type Direction, prepare, timeCalls } from './stopwatch.ts';

interface OpTiming {
  readonly backend: string;
  readonly op: string;
  readonly direction: Direction;
  /** Medians of the rounds, in ms; none where the backend has no kernel. */
  readonly reference: number;
  readonly fused: number | undefined;
}

const ROUNDS = 5;

const help = `pnpm bench:ops [options]

Every op alone, forward and backward: its reference against its kernel, by turns.

  --backends LIST   backends of useBackend (default cpu,wasm)
  --save NAME       also write bench/results/NAME.json`;

const versions: Record<string, string> = { node: process.version, tfjs: version_core };

await command(async (args) => {
  const text = { type: 'string' } as const;
  const options = { backends: text, save: text, help: { type: 'boolean' } } as const;
  const { values } = parsed(() => parseArgs({ args: [...args], options }));
  if (values.help) return say(help);
  const name = checkName(values.save);
  const machine = describeMachine();
  const timings: OpTiming[] = [];
  for (const backend of listOf('--backends', values.backends ?? 'cpu,wasm', backendNames)) {
    timings.push(...(await timeBackend(backend)));
  }
  if (timings.length === 0) throw new FastWeightsError('bench', 'No backend could be timed.');
  report(timings);
  if (name === undefined) return;
  const date = new Date().toISOString();
  say(`Saved ${save(name, { date, machine, versions, command: args, results: timings })}`);
});

async function timeBackend(name: BackendName): Promise<OpTiming[]> {
  try {
    const { packageName, version } = await useBackend({ prefer: name });
    versions[packageName] = version;
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    tell(error.message);
    return [];
  }
  const results: OpTiming[] = [];
  for (const op of opCases) {
    const directions: Direction[] = ['forward', 'forward + backward'];
    for (const direction of op.forwardOnly ? directions.slice(0, 1) : directions) {
      tell(`${name}: ${op.name}, ${direction}`);
      results.push({ backend: name, op: op.name, direction, ...(await timeBoth(op, direction)) });
    }
  }
  return results;
}

async function timeBoth(
  op: OpCase,
  direction: Direction,
): Promise<Pick<OpTiming, 'reference' | 'fused'>> {
  const kernels = fusedKernels();
  const needed = direction === 'forward' ? op.kernelName : `${op.kernelName}Grad`;
  const hasKernel = kernels.names.includes(needed);
  const inputs = drawInputs(op);
  const { call, dispose: finish } = prepare(op, inputs, direction);
  const [reference, fused]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    kernels.remove();
    reference.push(await timeCalls(call));
    kernels.restore();
    if (hasKernel) fused.push(await timeCalls(call));
  }
  finish();
  dispose(inputs);
  return { reference: median(reference), fused: hasKernel ? median(fused) : undefined };
}

function report(results: readonly OpTiming[]): void {
  const header = ['backend', 'op', '', 'reference, ms', 'fused, ms', 'reference / fused'];
  const rows = results.map(({ backend, op, direction, reference, fused }) => [
    backend,
    op,
    direction,
    reference.toPrecision(3),
    fused?.toPrecision(3) ?? 'no kernel',
    fused ? `${(reference / fused).toPrecision(3)}×` : '–',
  ]);
  say(table([header, ...rows]));
}
