import { FastWeightsError } from '@fastweights/core';
import { makeFolder } from '@fastweights/core/node';

/** @throws FastWeightsError where there is no room for them */
export async function prepareFolders(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    try {
      await makeFolder(folder);
    } catch (cause) {
      const why = `${folder}: ${(cause as Error).message}`;
      const message = `Nothing can be saved in ${why}. Choose another folder with --out.`;
      throw new FastWeightsError('run', message, { cause });
    }
  }
}
