import { lstat, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { FastWeightsError } from '@fastweights/core';
import { printable } from './printable.ts';

export const CONFIG = 'config.json';
export const WEIGHTS = 'weights.safetensors';
export const RESULT = 'result.json';
export const OURS: readonly string[] = [CONFIG, WEIGHTS, RESULT];
export const temporary = (name: string): string => `.${name}.${process.pid}.tmp`;
export const isTemporary = (name: string): boolean =>
  OURS.some((own) => name.startsWith(`.${own}.`) && /^\d+\.tmp$/.test(name.slice(own.length + 2)));

export const refusal = (message: string): FastWeightsError => new FastWeightsError('run', message);

/** A file cannot take the place of a directory: that is known before anything is replaced. */
export async function refuseDirectories(directory: string): Promise<void> {
  for (const name of OURS) {
    const file = path.join(directory, name);
    if ((await lstat(file).catch(() => undefined))?.isDirectory()) {
      throw refusal(`${printable(file)} is a directory.`);
    }
  }
}

export async function removeTemporaries(
  directory: string,
  isMeant: (name: string) => boolean,
): Promise<void> {
  for (const name of (await readdir(directory)).filter(isMeant)) {
    await rm(path.join(directory, name), { force: true });
  }
}
