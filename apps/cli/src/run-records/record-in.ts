import { RunError, type RunRecord, readRun } from '@fastweights/trainers/runs';

/**
 * The run in a directory, if there is one.
 *
 * @throws RunError where the directory holds something else
 */
export async function recordIn(directory: string): Promise<RunRecord | undefined> {
  try {
    return await readRun(directory);
  } catch (error) {
    if (error instanceof RunError && error.problem === 'missing') return undefined;
    throw error;
  }
}
