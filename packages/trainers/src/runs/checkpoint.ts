import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { hashBytes, ifThere, syncFolder, writeDurably } from '@fastweights/core/node';
import { isFileName, putTogether, takeApart } from './plain-data.ts';
import { openSealed, sealedJson } from './sealed-json.ts';
import { countOf, type StateOf, type TrainingKind } from './training-kinds.ts';

/** A checkpoint that cannot be used, and why. */
export interface RefusedCheckpoint {
  readonly folder: string;
  readonly problem: 'damaged' | 'other-config' | 'newer';
  /** Such as "weights.safetensors has 12 of 400 bytes". */
  readonly reason: string;
}

export interface Checkpoint {
  readonly state: StateOf<TrainingKind>;
  /** How long metrics.jsonl was. */
  readonly metricsBytes: number;
}

/** What state.json holds. */
interface Manifest {
  readonly schema: number;
  /** Of the config. */
  readonly hash: string;
  /** One of the two: how far the training was. */
  readonly update?: number;
  readonly frames?: number;
  readonly metricsBytes: number;
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
  readonly state: unknown;
}

const CHECKPOINT_SCHEMA = 1;
const STATE = 'state.json';

/** Makes the folder with everything in it, on the disk, or does not make it. */
export async function writeCheckpoint(
  folder: string,
  hash: string,
  { state, metricsBytes }: Checkpoint,
): Promise<void> {
  const { data, files } = takeApart(state);
  const { unit, value } = countOf(state);
  const manifest: Manifest = {
    schema: CHECKPOINT_SCHEMA,
    hash,
    [unit]: value,
    metricsBytes,
    files: Object.fromEntries(
      [...files].map(([name, bytes]) => [name, { bytes: bytes.length, sha256: hashBytes(bytes) }]),
    ),
    state: data,
  };
  const making = makingOf(folder);
  try {
    await mkdir(making, { recursive: true });
    for (const [name, bytes] of files) await writeDurably(path.join(making, name), bytes);
    await writeDurably(path.join(making, STATE), sealedJson(manifest));
    await syncFolder(making);
    await rename(making, folder);
  } catch (error) {
    await rm(making, { recursive: true, force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(path.dirname(folder));
}

/** Whoever is killed here leaves no half of a checkpoint under its name. */
export async function removeCheckpoint(folder: string): Promise<void> {
  const going = goingOf(folder);
  await rename(folder, going);
  await rm(going, { recursive: true });
}

const beside = (folder: string, suffix: string): string =>
  path.join(path.dirname(folder), `.${path.basename(folder)}.${suffix}`);
const makingOf = (folder: string): string => beside(folder, 'new');
const goingOf = (folder: string): string => beside(folder, 'old');

/** Reads all of it and compares every checksum. */
export async function readCheckpoint(
  folder: string,
  hash: string,
): Promise<Checkpoint | RefusedCheckpoint> {
  const manifest = await readManifest(folder, hash);
  if ('problem' in manifest) return manifest;
  const files = new Map<string, Uint8Array>();
  for (const [name, { bytes, sha256 }] of Object.entries(manifest.files)) {
    const content = isFileName(name) ? await ifThere(readFile(path.join(folder, name))) : undefined;
    if (!content) return damaged(folder, `${name} is missing`);
    if (content.length !== bytes) {
      return damaged(folder, `${name} has ${content.length} of ${bytes} bytes`);
    }
    if (hashBytes(content) !== sha256) return damaged(folder, `${name} does not fit its checksum`);
    files.set(name, new Uint8Array(content));
  }
  const state = putTogether(manifest.state, files) as StateOf<TrainingKind>;
  return { state, metricsBytes: manifest.metricsBytes };
}

/** The schema is looked at before anything else: a newer one may look damaged to this version. */
export async function readManifest(
  folder: string,
  hash: string,
): Promise<Manifest | RefusedCheckpoint> {
  const text = await ifThere(readFile(path.join(folder, STATE), 'utf8'));
  if (text === undefined) return damaged(folder, `${STATE} is missing`);
  const { data, fault } = openSealed<Manifest>(text);
  const { schema = 0 } = data;
  if (schema > CHECKPOINT_SCHEMA) {
    const reason = `it is of schema ${schema}, and this version reads ${CHECKPOINT_SCHEMA}`;
    return { folder, problem: 'newer', reason };
  }
  if (fault !== undefined) return damaged(folder, `${STATE} ${fault}`);
  const manifest = data as Manifest;
  if (manifest.hash !== hash) {
    const reason = `it belongs to the config ${short(manifest.hash)}, and this run has ${short(hash)}`;
    return { folder, problem: 'other-config', reason };
  }
  return manifest;
}

const damaged = (folder: string, reason: string): RefusedCheckpoint => ({
  folder,
  problem: 'damaged',
  reason,
});

const short = (hash: unknown): string => String(hash).slice(0, 12);
