import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { FastWeightsError } from '@fastweights/core';
import type { RetrievalConfig, RetrievalResult } from '@fastweights/experiments';
import { DEFAULT_RUN, version } from './defaults.ts';
import { invocation } from './invocation.ts';
import { printable } from './printable.ts';
import { formatConfig, parseConfig } from './run-config.ts';
import {
  CONFIG,
  OURS,
  RESULT,
  refusal,
  refuseDirectories,
  removeTemporaries,
  temporary,
  WEIGHTS,
} from './run-files.ts';

export interface SavedResult extends RetrievalResult {
  readonly seconds: number;
  readonly backend: string;
}

export interface Run {
  readonly config: RetrievalConfig;
  /** The model's weights, as safetensors. */
  readonly weights: Uint8Array;
}

/**
 * Replaces what was there. Whoever looks meanwhile, or after a kill, finds a whole run or none, never a mixture.
 *
 * @throws FastWeightsError
 */
export async function saveRun(directory: string, run: Run, result: SavedResult): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
    await writeTemporary(directory, WEIGHTS, run.weights);
    await writeTemporary(directory, RESULT, `${JSON.stringify(result, null, 2)}\n`);
    await writeTemporary(directory, CONFIG, formatConfig(run.config, version));
    await refuseDirectories(directory);
    await rm(path.join(directory, CONFIG), { force: true });
    for (const name of [WEIGHTS, RESULT, CONFIG]) {
      await rename(path.join(directory, temporary(name)), path.join(directory, name));
    }
    await syncDirectory(directory);
  } catch (cause) {
    const isOwn = (name: string): boolean => OURS.map(temporary).includes(name);
    await removeTemporaries(directory, isOwn).catch(() => undefined);
    const why = printable(`${directory}: ${(cause as Error).message}`);
    throw new FastWeightsError('run', `The run could not be saved in ${why.replace(/\.$/, '')}.`, {
      cause,
    });
  }
}

/** Where an unfinished run goes when there is a finished one in the directory. */
export function besideFinished(directory: string): string {
  const { dir, base } = path.parse(path.normalize(directory));
  const isNamed = base !== '' && base !== '.' && base !== '..';
  return isNamed ? path.join(dir, `${base}-interrupted`) : `${path.resolve(directory)}-interrupted`;
}

/** @throws FastWeightsError */
export async function loadRun(directory: string): Promise<Run> {
  const config = await readOrExplain(
    directory,
    CONFIG,
    `There is no run in ${printable(directory)}. Train one first:\n  ${trainCommand(directory)}`,
  );
  const file = path.join(directory, CONFIG);
  const weights = await readOrExplain(
    directory,
    WEIGHTS,
    `${printable(path.join(directory, WEIGHTS))} is missing. Train again:\n  ${trainCommand(directory)}`,
  );
  return { config: parseConfig(new TextDecoder().decode(config), file), weights };
}

function trainCommand(directory: string): string {
  const out = directory === DEFAULT_RUN ? '' : ` --out ${shellQuoted(directory)}`;
  return `${invocation()} train retrieval${out}`;
}

/** A word of a command that is printed to be copied. */
export const shellQuoted = (text: string): string =>
  /^[\w./~-]+$/.test(text) ? text : `'${printable(text).replaceAll("'", "'\\''")}'`;

async function readOrExplain(
  directory: string,
  name: string,
  missing: string,
): Promise<Uint8Array> {
  try {
    return await readFile(path.join(directory, name));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw refusal(missing);
    throw refusal(printable(`${path.join(directory, name)} cannot be read: ${message}.`));
  }
}

async function writeTemporary(
  directory: string,
  name: string,
  data: string | Uint8Array,
): Promise<void> {
  const file = await open(path.join(directory, temporary(name)), 'w');
  try {
    await file.writeFile(data);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the new names last through a power cut, where directories can be synced. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
