import { readFileSync } from 'node:fs';

const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');

export const version: string = (JSON.parse(manifest) as { version: string }).version;

/** Where `train` saves, and `recall` looks. */
export const DEFAULT_RUN = 'runs/retrieval';

/** The paper has 100; a file that asks for millions is damaged. */
export const MOST_UNITS = 4096;
