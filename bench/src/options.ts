import { parseArgs } from 'node:util';
import { OptionError } from '@fastweights/core';
import { listOf, parsed } from './command.ts';
import { type Entry, roster } from './roster.ts';
import { checkName } from './save.ts';
import { type SizeName, sizes } from './sizes.ts';

export interface BenchOptions {
  readonly sizes: readonly SizeName[];
  /** Beginnings of names; whom they name takes part even where the roster leaves them out. */
  readonly only: readonly string[] | undefined;
  readonly rounds: number;
  readonly steps: number;
  readonly save: string | undefined;
}

export const help = `pnpm bench [options]

How long one training step of associative retrieval takes: ours and its peers, by turns, in the same run.

  --sizes LIST   ${Object.keys(sizes).join(',')} (default: all)
  --only LIST    only contenders of these names, or whose names begin so: ours-lstm,torch-eager (default: all)
  --rounds N     rounds in which everyone has a turn, at least 5 for a result to quote (default 5)
  --steps N      steps of a turn; slow contenders do fewer, and the report says so (default 40)
  --save NAME    also write bench/results/NAME.json
  --help         this text

Contenders:
${roster.map(({ name, group }) => `  ${name.padEnd(34)}${group}`).join('\n')}

Python comes from BENCH_PYTHON, or an environment of its own is made from PyPI.
`;

/**
 * The options of a command line, or the wish for help.
 *
 * @throws OptionError
 */
export function parseOptions(args: readonly string[]): BenchOptions | 'help' {
  const { values } = read(args);
  if (values.help) return 'help';
  const names = Object.keys(sizes) as SizeName[];
  const only = list(values.only);
  for (const start of only ?? []) {
    if (!roster.some(({ name }) => name.startsWith(start))) {
      throw new OptionError('--only', 'a list of beginnings of names (see --help)', `"${start}"`);
    }
  }
  return {
    sizes: listOf('--sizes', values.sizes ?? names.join(), names),
    only,
    rounds: positive('--rounds', values.rounds ?? '5'),
    steps: positive('--steps', values.steps ?? '40'),
    save: checkName(values.save),
  };
}

function read(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const options = { sizes: text, only: text, rounds: text, steps: text, save: text };
  const flag = { type: 'boolean', short: 'h' } as const;
  return parsed(() => parseArgs({ args: [...args], options: { ...options, help: flag } }));
}

function list(text: string | undefined): string[] | undefined {
  return text
    ?.split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function positive(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) {
    throw new OptionError(name, 'an integer of at least 1', `"${text}"`);
  }
  return number;
}

/** Who takes part at a size, and who is left out and why. */
export function entriesFor(
  size: SizeName,
  only: readonly string[] | undefined,
): { readonly entries: readonly Entry[]; readonly leftOut: readonly string[] } {
  if (only) {
    // A whole name is nobody else's beginning.
    const whole = new Set<string>(roster.map(({ name }) => name));
    const named = ({ name }: Entry): boolean =>
      only.some((start) => name === start || (!whole.has(start) && name.startsWith(start)));
    return { entries: roster.filter(named), leftOut: [] };
  }
  const leftOut = roster.flatMap(({ name, leaveOut }) =>
    leaveOut?.[size] ? [`${name}: ${leaveOut[size]}`] : [],
  );
  return { entries: roster.filter(({ leaveOut }) => !leaveOut?.[size]), leftOut };
}
