import { readFileSync } from 'node:fs';

const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');

export const version: string = (JSON.parse(manifest) as { version: string }).version;

/** Where `train` keeps its runs, and `recall` looks for them. */
export const RUNS = 'runs';

/** The largest layer that a config may have. */
export const MOST_UNITS = 4096;

export const MOST_WORKERS = 64;
