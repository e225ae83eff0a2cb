import { CommanderError } from 'commander';
import { exitCodes } from './exit-codes.ts';
import { outliveOutput } from './output.ts';
import { printableLines } from './printable.ts';
import { createProgram } from './program.ts';

/** Runs the command line; the process ends by itself with the right exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  outliveOutput();
  try {
    await createProgram().parseAsync(argv.length > 2 ? [...argv] : [...argv, '--help']);
  } catch (error) {
    process.exitCode = await report(error);
  }
}

async function report(error: unknown): Promise<number> {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? exitCodes.done : exitCodes.badUsage;
  }
  const { FastWeightsError } = await import('@fastweights/core');
  const isOurs = error instanceof FastWeightsError && process.env['DEBUG'] !== 'fastweights';
  console.error(isOurs ? `error: ${printableLines(error.message)}` : error);
  const { UsageError } = await import('./usage-error.ts');
  return error instanceof UsageError ? exitCodes.badUsage : exitCodes.failure;
}
