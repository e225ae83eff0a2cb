import { readFileSync } from 'node:fs';

const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');

export const version: string = (JSON.parse(manifest) as { version: string }).version;

/** Where `train` saves, and `recall` looks. */
export const DEFAULT_RUN = 'runs/retrieval';

/** The paper has 100; more than this is too much for the memory of WebAssembly. */
export const MOST_UNITS = 2048;

/** The paper has 1; a file that asks for many is damaged. */
export const MOST_INNER_STEPS = 100;
