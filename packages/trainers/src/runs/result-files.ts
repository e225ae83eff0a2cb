import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { hashBytes, ifThere, replaceFile } from '@fastweights/core/node';
import { damagedFile } from './description.ts';
import { plainData, putTogether } from './plain-data.ts';
import { openSealed, sealedJson } from './sealed-json.ts';

// A run is finished once result.json is there; it is written after the weights, whose checksum it names.

interface ResultFile {
  /** ISO 8601. */
  readonly finished: string;
  readonly weights: { readonly bytes: number; readonly sha256: string };
  readonly result: unknown;
}

const WEIGHTS = 'weights.safetensors';
const RESULT = 'result.json';

export async function writeResult(
  directory: string,
  result: unknown,
  weights: Uint8Array,
): Promise<void> {
  const file: ResultFile = {
    finished: new Date().toISOString(),
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
export async function readResult(directory: string): Promise<ResultFile | undefined> {
  const text = await ifThere(readFile(path.join(directory, RESULT), 'utf8'));
  if (text === undefined) return undefined;
  const { data, fault } = openSealed<ResultFile>(text);
  if (fault !== undefined) throw damagedFile(directory, RESULT, fault);
  return putTogether(data) as ResultFile;
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
