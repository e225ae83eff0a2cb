import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { BackendName } from '@fastweights/backends';
import { ifThere, replaceFile } from '@fastweights/core/node';

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

/** Who trained a run, and how long: beside what its config and metrics say. */
export async function readSessions(directory: string): Promise<readonly Session[]> {
  const text = await ifThere(readFile(path.join(directory, FILE), 'utf8'));
  if (text === undefined) return [];
  try {
    const found: unknown = JSON.parse(text);
    return Array.isArray(found) ? (found as Session[]) : [];
  } catch {
    // Only the clock is lost.
    return [];
  }
}

export async function writeSessions(
  directory: string,
  sessions: readonly Session[],
): Promise<void> {
  await replaceFile(path.join(directory, FILE), `${JSON.stringify(sessions, undefined, 2)}\n`);
}

export const secondsOf = (sessions: readonly Session[]): number =>
  sessions.reduce((sum, { seconds }) => sum + seconds, 0);
