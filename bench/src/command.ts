import { FastWeightsError, OptionError } from '@fastweights/core';

// What the programs of this folder have in common: tables on stdout, progress on stderr, errors in one sentence.

export const say = (text: string): void => void process.stdout.write(`${text}\n`);
export const tell = (text: string): void => void process.stderr.write(`${text}\n`);

export async function command(run: (args: readonly string[]) => Promise<void>): Promise<void> {
  try {
    // pnpm hands on the -- that stands before the options.
    await run(process.argv.slice(2).filter((arg) => arg !== '--'));
  } catch (error) {
    tell(error instanceof FastWeightsError ? error.message : String((error as Error).stack));
    process.exitCode = 1;
  }
}

/** What a parser of command lines found wrong, as an error of ours. */
export function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    throw new OptionError('the command line', 'as --help says', `not: ${found}`);
  }
}

/**
 * The items of a list with commas between them.
 *
 * @throws OptionError
 */
export function listOf<T extends string>(name: string, text: string, known: readonly T[]): T[] {
  const items = text.split(',').map((item) => item.trim());
  const odd = items.find((item) => !known.some((one) => one === item));
  if (odd !== undefined) throw new OptionError(name, `a list of ${known.join(', ')}`, `"${odd}"`);
  return items as T[];
}
