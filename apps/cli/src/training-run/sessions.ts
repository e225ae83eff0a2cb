import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { BackendName } from '@fastweights/backends';
import { FastWeightsError } from '@fastweights/core';
import { replaceFile } from '@fastweights/core/node';

/** One stretch of a training in one process. */
export interface Session {
  /** ISO 8601. */
  readonly started: string;
  readonly workers: number;
  readonly backend: BackendName;
  readonly device: string;
  /** As far as the last checkpoint, or the end. */
  readonly seconds: number;
}

const FILE = 'sessions.json';
const BACKENDS: readonly unknown[] = [
  'tensorflow',
  'webgpu',
  'wasm',
  'webgl',
  'cpu',
] satisfies readonly BackendName[];

/** Who trained a run, and how long: beside what its config and metrics say. */
export async function readSessions(directory: string): Promise<readonly Session[]> {
  try {
    const found: unknown = JSON.parse(await readFile(path.join(directory, FILE), 'utf8'));
    return Array.isArray(found) ? found.filter(isSession) : [];
  } catch {
    // Only the clock is lost.
    return [];
  }
}

function isSession(found: unknown): found is Session {
  if (typeof found !== 'object' || found === null) return false;
  const { started, workers, backend, device, seconds } = found as Partial<Session>;
  return (
    typeof started === 'string' &&
    Number.isInteger(workers) &&
    BACKENDS.includes(backend) &&
    typeof device === 'string' &&
    Number.isFinite(seconds)
  );
}

/** @throws FastWeightsError */
export async function writeSessions(
  directory: string,
  sessions: readonly Session[],
): Promise<void> {
  const file = path.join(directory, FILE);
  try {
    await replaceFile(file, `${JSON.stringify(sessions, undefined, 2)}\n`);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const isFull = code === 'ENOSPC' || code === 'EDQUOT';
    const cure = isFull ? 'Make room on the disk' : `See to it that ${file} can be written`;
    const sentence = `How long it took could not be saved: ${message}. ${cure}; the last checkpoint is kept, and the same command goes on from there.`;
    throw new FastWeightsError('run', sentence, { cause });
  }
}

export const secondsOf = (sessions: readonly Session[]): number =>
  sessions.reduce((sum, { seconds }) => sum + seconds, 0);
