import { readdir, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { ifThere, makeFolder, syncFolder } from '@fastweights/core/node';
import {
  type Checkpoint,
  type RefusedCheckpoint,
  readCheckpoint,
  readManifest,
  removeCheckpoint,
  writeCheckpoint,
} from './checkpoint.ts';
import { RunError } from './run-error.ts';
import { countOf } from './training-kinds.ts';

// Each checkpoint is a folder `<number>-update-<update>`, or `<number>-frames-<frames>`. Numbers only grow: after a damaged
// checkpoint the next one may be of an earlier update, and is the newest all the same.

export interface Checkpoints {
  save(checkpoint: Checkpoint): Promise<void>;
  /** Newest first, those that are not whole are refused, and the one before is looked at. */
  latest(onRefused?: (refused: RefusedCheckpoint) => void): Promise<Checkpoint | undefined>;
  areThere(): Promise<boolean>;
  /** All but those of other configs and newer versions. */
  removeOwn(): Promise<void>;
}

const FOLDER = 'checkpoints';
const NAME = /^(\d+)-(?:update|frames)-\d+$/;
const UNFINISHED = /^\.\d+-(?:update|frames)-\d+\.(new|old)$/;

export function checkpointsOf(directory: string, hash: string): Checkpoints {
  const parent = path.join(directory, FOLDER);
  /** The last one that is known to be whole. */
  let whole: string | undefined;

  /** Keeps the newest and the one before it, and what others wrote. */
  async function prune(newest: string): Promise<void> {
    const older = (await foldersIn(parent)).filter((folder) => folder !== newest);
    const keep = whole ?? older[0];
    for (const folder of older) {
      if (folder === keep) continue;
      await removeIfOwn(folder);
    }
  }

  async function removeIfOwn(folder: string): Promise<void> {
    const found = await readManifest(folder, hash);
    if (!('problem' in found) || found.problem === 'damaged') await removeCheckpoint(folder);
  }

  return {
    async save(checkpoint) {
      await makeFolder(parent);
      const [last] = await foldersIn(parent);
      const { unit, value } = countOf(checkpoint.state);
      const name = `${numberOf(last) + 1}-${unit}-${value}`;
      const folder = path.join(parent, name);
      await writeCheckpoint(folder, hash, checkpoint);
      await prune(folder);
      whole = folder;
    },
    async latest(onRefused) {
      const refused: RefusedCheckpoint[] = [];
      for (const folder of await foldersIn(parent)) {
        const found = await readCheckpoint(folder, hash);
        if (!('problem' in found)) {
          whole = folder;
          return found;
        }
        refused.push(found);
        onRefused?.(found);
      }
      if (refused.length > 0) throw noneWhole(directory, parent, refused);
      return undefined;
    },
    areThere: async () => (await foldersIn(parent)).length > 0,
    async removeOwn() {
      for (const folder of await foldersIn(parent)) await removeIfOwn(folder);
      // What others have put there stays.
      await rmdir(parent).catch(() => undefined);
    },
  };
}

/** Removes what a kill left half made or half removed. */
export async function removeUnfinished(directory: string): Promise<void> {
  const parent = path.join(directory, FOLDER);
  for (const name of (await ifThere(readdir(parent))) ?? []) {
    if (UNFINISHED.test(name)) await rm(path.join(parent, name), { recursive: true, force: true });
  }
  await syncFolder(parent);
}

const numberOf = (folder: string | undefined): number =>
  folder === undefined ? 0 : Number(NAME.exec(path.basename(folder))?.[1] ?? 0);

/** Newest first. */
async function foldersIn(parent: string): Promise<string[]> {
  const names = (await ifThere(readdir(parent))) ?? [];
  return names
    .filter((name) => NAME.test(name))
    .map((name) => path.join(parent, name))
    .sort((a, b) => numberOf(b) - numberOf(a));
}

function noneWhole(
  directory: string,
  parent: string,
  refused: readonly RefusedCheckpoint[],
): RunError {
  const reasons = refused.map(({ folder, reason }) => `${path.basename(folder)}: ${reason}`);
  const problem = refused.find((one) => one.problem !== 'damaged')?.problem ?? 'damaged';
  const cure =
    problem === 'newer'
      ? 'Go on with the version that wrote them'
      : 'Put them back from a copy if there is one';
  return new RunError(
    directory,
    problem,
    `No checkpoint of the run ${directory} can be used (${reasons.join('; ')}). ${cure}, or delete ${parent} to begin again.`,
    { refused },
  );
}
