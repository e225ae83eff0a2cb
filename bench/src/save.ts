import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { OptionError } from '@fastweights/core';
import type { Machine } from './machine.ts';

/** What every result file says besides its numbers. */
export interface Circumstances {
  readonly date: string;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly command: readonly string[];
}

/**
 * A name for a result file.
 *
 * @throws OptionError
 */
export function checkName(name: string | undefined): string | undefined {
  if (name === undefined || /^[\w-]+$/.test(name)) return name;
  throw new OptionError('--save', 'a name of letters, digits, - and _', `"${name}"`);
}

/** Writes `bench/results/NAME.json`; its path. */
export function save(name: string, result: Circumstances & { readonly results: unknown }): string {
  const folder = fileURLToPath(new URL('../results', import.meta.url));
  mkdirSync(folder, { recursive: true });
  const path = `${folder}/${name}.json`;
  writeFileSync(path, `${JSON.stringify(result, null, 2)}\n`);
  return path;
}
