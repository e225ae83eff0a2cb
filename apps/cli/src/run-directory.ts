import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { FastWeightsError } from '@fastweights/core';
import type { RetrievalConfig, RetrievalResult } from '@fastweights/experiments';
import { DEFAULT_RUN, version } from './defaults.ts';
import { invocation } from './invocation.ts';
import { formatConfig, parseConfig } from './run-config.ts';

export interface SavedResult extends RetrievalResult {
  readonly seconds: number;
  readonly backend: string;
}

export interface Run {
  readonly config: RetrievalConfig;
  /** The model's weights, as safetensors. */
  readonly weights: Uint8Array;
}

const CONFIG = 'config.json';
const WEIGHTS = 'weights.safetensors';
const RESULT = 'result.json';
const OURS = [CONFIG, WEIGHTS, RESULT];
const temporary = (name: string): string => `.${name}.tmp`;
const OTHER_PLACE = 'Choose another directory with --out.';

const refusal = (message: string): FastWeightsError => new FastWeightsError('run', message);

/**
 * Makes sure, before hours are spent, that a run can be saved here; says whether it will replace one.
 *
 * @throws FastWeightsError
 */
export async function prepareRunDirectory(directory: string): Promise<{ holdsRun: boolean }> {
  if (await isFile(directory)) throw refusal(`${directory} is a file. ${OTHER_PLACE}`);
  let names: string[];
  try {
    await mkdir(directory, { recursive: true });
    names = await readdir(directory);
    for (const name of OURS) await rm(path.join(directory, temporary(name)), { force: true });
    await writeTemporary(directory, CONFIG, '');
    await rm(path.join(directory, temporary(CONFIG)));
  } catch (error) {
    const { message } = error as Error;
    throw refusal(`Nothing can be saved in ${directory}: ${message}. ${OTHER_PLACE}`);
  }
  if (names.includes(CONFIG)) {
    const file = path.join(directory, CONFIG);
    try {
      parseConfig(await readFile(file, 'utf8'), file);
    } catch (error) {
      throw refusal(`${(error as Error).message} It will not be overwritten. ${OTHER_PLACE}`);
    }
    return { holdsRun: true };
  }
  // A run that was killed as it was saved is no longer one, and no stranger's either.
  const foreign = names.filter(
    (name) => !OURS.flatMap((own) => [own, temporary(own)]).includes(name),
  );
  if (foreign.length > 0) {
    const some = foreign.slice(0, 3).join(', ') + (foreign.length > 3 ? ', …' : '');
    throw refusal(`${directory} is no run, but holds other files (${some}). ${OTHER_PLACE}`);
  }
  return { holdsRun: false };
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
    await rm(path.join(directory, CONFIG), { force: true });
    for (const name of [WEIGHTS, RESULT, CONFIG]) {
      await rename(path.join(directory, temporary(name)), path.join(directory, name));
    }
    await syncDirectory(directory);
  } catch (cause) {
    const { message } = cause as Error;
    throw new FastWeightsError('run', `The run could not be saved in ${directory}: ${message}.`, {
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
    `There is no run in ${directory}. Train one first:\n  ${trainCommand(directory)}`,
  );
  const file = path.join(directory, CONFIG);
  const weights = await readOrExplain(
    directory,
    WEIGHTS,
    `${path.join(directory, WEIGHTS)} is missing. Train again:\n  ${trainCommand(directory)}`,
  );
  return { config: parseConfig(new TextDecoder().decode(config), file), weights };
}

function trainCommand(directory: string): string {
  const out = directory === DEFAULT_RUN ? '' : ` --out ${shellQuoted(directory)}`;
  return `${invocation()} train retrieval${out}`;
}

export const shellQuoted = (text: string): string =>
  /^[\w./~-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

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
    throw refusal(`${path.join(directory, name)} cannot be read: ${message}.`);
  }
}

async function isFile(directory: string): Promise<boolean> {
  try {
    return !(await stat(directory)).isDirectory();
  } catch {
    return false;
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
