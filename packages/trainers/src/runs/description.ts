import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { ifThere, replaceFile } from '@fastweights/core/node';
import { plainData, putTogether } from './plain-data.ts';
import { RunError } from './run-error.ts';
import { openSealed, sealedJson } from './sealed-json.ts';

/** What config.json says. */
export interface RunDescription {
  /** Plain data. */
  readonly config: unknown;
  /** What tells this config from others; checkpoints name it. */
  readonly hash: string;
  /** Of the software, by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** ISO 8601. */
  readonly created: string;
}

interface File extends RunDescription {
  readonly format: typeof FORMAT;
  readonly schema: number;
}

export const CONFIG = 'config.json';
export const LOCK = '.lock';
const FORMAT = 'fastweights run';
const SCHEMA = 1;
/** What a kill leaves before config.json is there: it is the first file to be written. */
const LEFTOVER = /^(\.lock(\.\d+-\d+)?|config\.json\.\d+-\d+-\d+\.new)$/;

export const isLeftover = (name: string): boolean =>
  /^(\w+\.json|weights\.safetensors)\.\d+-\d+-\d+\.new$|^\.lock\.\d+-\d+$/.test(name);

export async function writeDescription(
  directory: string,
  description: RunDescription,
): Promise<void> {
  const file: File = { format: FORMAT, schema: SCHEMA, ...description };
  const text = sealedJson(plainData(file));
  await replaceFile(path.join(directory, CONFIG), text);
}

/**
 * Looks, and changes nothing; undefined where a run could begin: there is no such directory, or an empty one.
 *
 * @throws RunError where the directory holds anything but a run that this version understands
 */
export async function readDescription(directory: string): Promise<RunDescription | undefined> {
  if ((await ifThere(stat(directory)))?.isDirectory() === false) {
    throw foreign(directory, 'is a file');
  }
  const text = await ifThere(readFile(path.join(directory, CONFIG), 'utf8'));
  if (text === undefined) {
    const others = ((await ifThere(readdir(directory))) ?? []).filter(
      (name) => !LEFTOVER.test(name),
    );
    if (others.length === 0) return undefined;
    const some = others.slice(0, 3).join(', ') + (others.length > 3 ? ', …' : '');
    throw foreign(directory, `holds other files (${some}), and no ${CONFIG}`);
  }
  const { data, fault } = openSealed<File>(text);
  const { format, schema = 0 } = data;
  if (format !== FORMAT) {
    const what = `has a ${CONFIG} that is torn, or of another form than these runs have`;
    throw foreign(directory, what);
  }
  if (schema > SCHEMA) throw newer(directory, schema);
  if (fault !== undefined) throw damagedFile(directory, CONFIG, fault);
  const { config, hash, versions, created } = putTogether(data) as File;
  return { config, hash, versions, created };
}

export const damagedFile = (directory: string, name: string, fault: string): RunError =>
  new RunError(
    directory,
    'damaged',
    `${path.join(directory, name)} ${fault}. Put it back from a copy if there is one, or choose another directory.`,
  );

const foreign = (directory: string, why: string): RunError =>
  new RunError(
    directory,
    'foreign',
    `${directory} is no run directory: it ${why}. Choose another directory; nothing in it was changed.`,
  );

const newer = (directory: string, schema: number): RunError =>
  new RunError(
    directory,
    'newer',
    `The run ${directory} was written by a newer version (schema ${schema}; this one reads ${SCHEMA}). Use that version; nothing in it was changed.`,
  );
