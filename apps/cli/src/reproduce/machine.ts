import { execFile } from 'node:child_process';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { readSessions, type Session } from '../training-run/sessions.ts';

const GIB = 2 ** 30;

/** What a report says of the machine, and of who computed on it. */
export function machineFacts(sessions: readonly Session[]): Readonly<Record<string, string>> {
  const cpus = os.cpus();
  const backends = sessions.map(({ backend, device }) => `${backend} (${device})`);
  const workers = sessions.map(({ workers }) => String(workers));
  return {
    Processor: `${cpus[0]?.model.trim() || 'unknown'}, ${cpus.length} cores`,
    Memory: `${(os.totalmem() / GIB).toFixed(1)} GiB`,
    System: `${os.type()} ${os.release()}, ${os.arch()}`,
    Node: process.versions.node,
    ...(backends.length > 0 && { Backend: distinct(backends), Workers: distinct(workers) }),
  };
}

/** Of runs in these directories, each once. */
export async function sessionsOf(directories: readonly (string | undefined)[]): Promise<Session[]> {
  const places = [...new Set(directories)].filter((place) => place !== undefined);
  const sessions = await Promise.all(places.map(readSessions));
  return sessions.flat();
}

const distinct = (texts: readonly string[]): string => [...new Set(texts)].sort().join('; ');

/** Of the sources that this program is run from; undefined where it is installed. */
export async function sourceCommit(): Promise<string | undefined> {
  const cwd = fileURLToPath(new URL('../..', import.meta.url));
  const git = async (...args: string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)('git', args, { cwd });
    return stdout.trim();
  };
  try {
    // A folder of modules may lie in somebody else's repository.
    await git('ls-files', '--error-unmatch', 'package.json');
    const commit = await git('rev-parse', 'HEAD');
    return (await git('status', '--porcelain')) === '' ? commit : `${commit}+`;
  } catch {
    return undefined;
  }
}
