import type { Stats } from 'node:fs';
import { opendir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';

export interface Found {
  /** Absolute. */
  readonly path: string;
  /** `special` is neither a file nor a folder; a folder is given only where it cannot be looked into. */
  readonly kind: 'file' | 'special' | 'folder';
  /** Of a folder: why. */
  readonly fault?: string;
}

/**
 * All files below a folder, in an order that is the same on every machine; only the names of one folder after the other
 * are in memory. Links are followed, but not in circles.
 */
export async function* walk(folder: string, above: readonly string[] = []): AsyncGenerator<Found> {
  const entries: { name: string; kind: Found['kind'] }[] = [];
  let here: string;
  try {
    here = await realpath(folder);
    if (above.includes(here)) return;
    for await (const entry of await opendir(folder)) {
      const { name } = entry;
      const target = entry.isSymbolicLink() ? await targetOf(path.join(folder, name)) : entry;
      entries.push({ name, kind: kindOf(target) });
    }
  } catch (error) {
    yield { path: folder, kind: 'folder', fault: (error as Error).message };
    return;
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { name, kind } of entries) {
    const inside = path.join(folder, name);
    if (kind === 'folder') yield* walk(inside, [...above, here]);
    else yield { path: inside, kind };
  }
}

type Kind = Pick<Stats, 'isDirectory' | 'isFile'>;

const targetOf = (link: string): Promise<Kind | undefined> => stat(link).catch(() => undefined);

/** A link to nothing counts as a file: reading it says what is wrong. */
function kindOf(found: Kind | undefined): Found['kind'] {
  if (found?.isDirectory()) return 'folder';
  return !found || found.isFile() ? 'file' : 'special';
}
