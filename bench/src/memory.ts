import { parseArgs } from 'node:util';
import { OptionError } from '@fastweights/core';
import { version_core } from '@tensorflow/tfjs-core';
import { command, parsed, say, tell } from './command.ts';
import { describeMachine } from './machine.ts';
import { type Growth, growths, type MemorySample } from './memory-samples.ts';
import { type MemoryHeld, trainAndLook } from './memory-training.ts';
import { table } from './report.ts';
import { checkName, save } from './save.ts';

const help = `pnpm bench:memory [options]

Does a long training hold its memory flat? Trains associative retrieval on wasm, validates every hundred updates, writes
reports and checkpoints into a run directory, and looks at the memory every minute: tensors, the memory of wasm, the heap of
JavaScript, and what the process has. Ends with 1 if anything grew in the second half.

  --minutes N      how long; a part of one will do (default 60)
  --units N        R (default 50)
  --save NAME      also write bench/results/NAME.json`;

const VALIDATE_EVERY = 100;
/** Of a short training too. */
const LEAST_SAMPLES = 20;

await command(async (args) => {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', short: 'h' } as const;
  const options = { minutes: text, units: text, save: text, help: flag };
  const { values } = parsed(() => parseArgs({ args: [...args], options }));
  if (values.help) return say(help);
  const name = checkName(values.save);
  const minutes = above0('--minutes', values.minutes ?? '60');
  const units = above0('--units', values.units ?? '50');
  if (!Number.isInteger(units)) throw new OptionError('--units', 'a whole number', `${units}`);
  const machine = describeMachine();
  const held = await trainAndLook({
    ...{ units, minutes, validateEvery: VALIDATE_EVERY },
    every: Math.min(1, minutes / LEAST_SAMPLES),
    onSample: (sample) => tell(row(sample).join('  ')),
  });
  const second = growths(held.samples);
  report(held, second);
  const faults = faultsOf(held, second);
  for (const fault of faults) tell(fault);
  if (faults.length > 0) process.exitCode = 1;
  if (name === undefined) return;
  const date = new Date().toISOString();
  const versions = { node: process.version, tfjs: version_core };
  const results = { ...held, secondHalf: second, faults };
  say(`Saved ${save(name, { date, machine, versions, command: args, results })}`);
});

function above0(name: string, text: string): number {
  const number = Number(text);
  if (Number.isFinite(number) && number > 0) return number;
  throw new OptionError(name, 'a number above 0', `"${text}"`);
}

function mib(bytes: number | undefined): string {
  return bytes === undefined ? '–' : `${(bytes / 2 ** 20).toFixed(2)} MiB`;
}

function row(sample: MemorySample): string[] {
  const { minutes, updates, tensors, tensorBytes, wasmBytes, heapBytes, residentBytes } = sample;
  const bytes = [tensorBytes, wasmBytes, heapBytes, residentBytes].map(mib);
  return [`${minutes.toFixed(2)} min`, `${updates}`, `${tensors}`, ...bytes];
}

function report(held: MemoryHeld, second: readonly Growth[]): void {
  const header = ['time', 'updates', 'tensors', 'their bytes', 'wasm', 'heap', 'resident'];
  const { updates, validations, tensorsAtValidations, tensorsLeft } = held;
  say(table([header, ...held.samples.map(row)]));
  say(`
${updates} updates, ${validations} validations; tensors at each of them: ${tensorsAtValidations.join(', ')}; left over: ${tensorsLeft}.
Grown in the second half, and the most that counts as flat:`);
  for (const { what, grown, bound } of second) {
    const value = what === 'tensors' ? String : mib;
    say(`  ${what.padEnd(16)} ${value(grown)} (${value(bound)})`);
  }
}

function faultsOf(held: MemoryHeld, second: readonly Growth[]): string[] {
  const { tensorsAtValidations: counts, tensorsLeft } = held;
  const faults = second
    .filter(({ grown, bound }) => grown > bound)
    .map(({ what, grown }) => `The ${what} grew by ${grown.toPrecision(3)} in the second half.`);
  if (second.length === 0) faults.push('There are too few samples to tell: train for longer.');
  if (counts.length > 1) faults.push(`Tensors at validations differ: ${counts.join(', ')}.`);
  if (tensorsLeft !== 0) faults.push(`${tensorsLeft} tensors were left over.`);
  return faults;
}
