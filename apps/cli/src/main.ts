import { CommanderError } from 'commander';
import { exitCodes } from './exit-codes.ts';
import { createProgram } from './program.ts';

/** Runs the command line; the process ends by itself with the right exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  process.stdout.on('error', endWithTheReader);
  process.stderr.on('error', endWithTheReader);
  try {
    await createProgram().parseAsync(argv.length > 2 ? [...argv] : [...argv, '--help']);
  } catch (error) {
    process.exitCode = await report(error);
  }
}

/** `… | head -1`: nobody reads any more. A terminal that was closed (EIO) sends a signal too, which is answered. */
function endWithTheReader(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(exitCodes.brokenPipe);
  if (error.code !== 'EIO') throw error;
}

async function report(error: unknown): Promise<number> {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? exitCodes.done : exitCodes.badUsage;
  }
  const { FastWeightsError } = await import('@fastweights/core');
  const isOurs = error instanceof FastWeightsError && process.env['DEBUG'] !== 'fastweights';
  console.error(isOurs ? `error: ${error.message}` : error);
  return exitCodes.failure;
}
