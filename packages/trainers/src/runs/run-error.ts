import { FastWeightsError } from '@fastweights/core';
import type { RefusedCheckpoint } from './checkpoint.ts';

/**
 * Why a run directory cannot be used:
 * - `missing`: there is no run;
 * - `foreign`: what is there is none of ours;
 * - `other-config`: it is a run, or holds checkpoints, of another config;
 * - `newer`: a newer version of this software wrote it;
 * - `damaged`: a file of it is not as it was written;
 * - `busy`: a process that is alive has it open;
 * - `finished`: there is nothing left to do in it;
 * - `full`: the disk has no room;
 * - `system`: the system does not let us;
 * - `closed`: this process has closed it.
 */
export type RunProblem =
  | 'missing'
  | 'foreign'
  | 'other-config'
  | 'newer'
  | 'damaged'
  | 'busy'
  | 'finished'
  | 'full'
  | 'system'
  | 'closed';

export class RunError extends FastWeightsError {
  readonly directory: string;
  readonly problem: RunProblem;
  /** The checkpoints that were looked at, newest first, where none of them can be used. */
  readonly refused: readonly RefusedCheckpoint[];

  constructor(
    directory: string,
    problem: RunProblem,
    message: string,
    { refused = [], ...options }: ErrorOptions & { refused?: readonly RefusedCheckpoint[] } = {},
  ) {
    super('run', message, options);
    this.directory = directory;
    this.problem = problem;
    this.refused = refused;
  }
}

/** Says of a fault of the system which run it concerns, and what helps; other errors stay what they are. */
export async function guarded<Value>(
  directory: string,
  work: () => Promise<Value>,
): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException;
    if (typeof code !== 'string' || syscall === undefined) throw error;
    const isFull = code === 'ENOSPC' || code === 'EDQUOT';
    const sentence = isFull
      ? `The disk is full: ${message}. Make room; the run ${directory} goes on from its last checkpoint.`
      : `The run ${directory} cannot be used: ${message}. Choose a directory that can be written; what it holds is unchanged.`;
    throw new RunError(directory, isFull ? 'full' : 'system', sentence, { cause: error });
  }
}
