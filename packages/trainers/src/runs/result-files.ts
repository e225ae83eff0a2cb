import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { hashBytes, ifThere, replaceFile } from '@fastweights/core/node';
import { damagedFile } from './description.ts';
import { plainData, putTogether } from './plain-data.ts';
import { openSealed, sealedJson } from './sealed-json.ts';

// A run is finished once result.json is there; it is written after the weights, whose checksum it names.

interface ResultFile {
  /** ISO 8601. */
  readonly finished: string;
  /** Of the config. */
  readonly hash?: string;
  readonly weights: { readonly bytes: number; readonly sha256: string };
  readonly result: unknown;
}

const WEIGHTS = 'weights.safetensors';
const RESULT = 'result.json';

export async function writeResult(
  directory: string,
  hash: string,
  result: unknown,
  weights: Uint8Array,
): Promise<void> {
  const file: ResultFile = {
    finished: new Date().toISOString(),
    hash,
    weights: { bytes: weights.length, sha256: hashBytes(weights) },
    result,
  };
  const text = sealedJson(plainData(file));
  await replaceFile(path.join(directory, WEIGHTS), weights);
  await replaceFile(path.join(directory, RESULT), text);
}

/**
 * Undefined while the run is not finished.
 *
 * @throws RunError
 */
export async function readResult(directory: string, hash: string): Promise<ResultFile | undefined> {
  const text = await ifThere(readFile(path.join(directory, RESULT), 'utf8'));
  if (text === undefined) return undefined;
  const { data, fault } = openSealed<ResultFile>(text);
  if (fault !== undefined) throw damagedFile(directory, RESULT, fault);
  const file = putTogether(data) as ResultFile;
  if (file.hash !== undefined && file.hash !== hash) {
    throw damagedFile(directory, RESULT, 'belongs to a run of another config');
  }
  return file;
}

/**
 * Weights are written before a result, and checkpoints removed after it: no kill leaves weights alone.
 *
 * @throws RunError
 */
export async function checkWeightsAlone(directory: string): Promise<void> {
  if (!(await ifThere(stat(path.join(directory, WEIGHTS))))) return;
  throw damagedFile(
    directory,
    RESULT,
    `is missing, and ${WEIGHTS} of a finished run is there: delete that to train again`,
  );
}

/** @throws RunError */
export async function readWeights(
  directory: string,
  { weights: { bytes, sha256 } }: ResultFile,
): Promise<Uint8Array> {
  const content = await ifThere(readFile(path.join(directory, WEIGHTS)));
  if (!content) throw damagedFile(directory, WEIGHTS, 'is missing');
  if (content.length !== bytes) {
    throw damagedFile(directory, WEIGHTS, `has ${content.length} of ${bytes} bytes`);
  }
  if (hashBytes(content) !== sha256) {
    throw damagedFile(directory, WEIGHTS, 'does not fit its checksum');
  }
  return new Uint8Array(content);
}
