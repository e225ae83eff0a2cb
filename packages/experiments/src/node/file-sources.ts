import path from 'node:path';
import {
  cachedImages,
  optionsHash,
  readFer2013,
  readMnist,
  readMultiPie,
} from '@fastweights/datasets/files';
import type { ImageSources } from '../prepare/image-sources.ts';

export interface FileSourcesOptions {
  /** A folder in which rendered faces are kept, 2,304 bytes each. Without it they are rendered anew in each epoch. */
  readonly cache?: string;
}

/** Images from files, wherever a config says that they are. */
export function fileSources({ cache }: FileSourcesOptions = {}): ImageSources {
  return {
    mnist: ({ source, folder }) =>
      readMnist({ source: source === 'folder' ? { folder: folder as string } : source }),
    multiPie: async ({ root, landmarks, cache, validationIdentities, testIdentities, seed }) => {
      const people = { validationIdentities, testIdentities, seed };
      const { training, validation, test } = await readMultiPie({
        root,
        landmarks,
        cache,
        ...people,
      });
      return { training, validation, test };
    },
    fer2013: async ({ file, classes, seed }) => {
      const { training, validation, test } = await readFer2013({ file, classes, seed });
      return { training, validation, test };
    },
    ...(cache !== undefined && {
      rendered: (images) => {
        const name = `faces-${optionsHash({ recipe: images.recipe }).slice(0, 16)}`;
        return cachedImages(images, { folder: path.join(cache, name) });
      },
    }),
  };
}
