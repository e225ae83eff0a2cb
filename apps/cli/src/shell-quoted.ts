import { printable } from './printable.ts';

/** A word of a command that is printed to be copied, as a shell reads it back. */
export const shellQuoted = (text: string): string =>
  /^[\w@%+=:,./~-]+$/.test(text) ? text : `'${printable(text).replaceAll("'", "'\\''")}'`;
