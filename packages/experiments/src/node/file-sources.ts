import path from 'node:path';
import { checkKeys } from '@fastweights/core';
import {
  cachedImages,
  optionsHash,
  readFer2013,
  readMnist,
  readMultiPie,
} from '@fastweights/datasets/files';
import type { ImageSources, RenderedImages } from '../prepare/image-sources.ts';

export interface FileSourcesOptions {
  /** A folder in which rendered faces are kept, 2,304 bytes each. Without it they are rendered anew in each epoch. */
  readonly cache?: string;
  /** Called as images are rendered, or read from the files of Multi-PIE, which takes a while the first time. */
  readonly onProgress?: (progress: ImageProgress) => void;
  /** Ends that while; the next time it goes on where it was. */
  readonly signal?: AbortSignal;
}

export interface ImageProgress {
  readonly kind: 'rendering' | 'reading';
  readonly images: number;
  /** How many there will be, where that is known. */
  readonly of?: number;
}

/** Images from files, wherever a config says that they are. */
export function fileSources(options: FileSourcesOptions = {}): ImageSources {
  checkKeys('fileSources', options, ['cache', 'onProgress', 'signal']);
  const { cache, onProgress, signal } = options;
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
        onProgress({ images }) {
          signal?.throwIfAborted();
          onProgress?.({ kind: 'reading', images });
        },
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
        return cachedImages(inSlices(images, options), { folder: path.join(cache, name) });
      },
    }),
  };
}

/** So many images are rendered before anybody else has a turn: well under a tenth of a second. */
const SLICE = 100;

/** The same images; whoever reads many lets signals and timers have their turn meanwhile. */
function inSlices(
  images: RenderedImages,
  { onProgress, signal }: FileSourcesOptions,
): RenderedImages {
  const { side, size: of } = images;
  return {
    ...images,
    async read(indices) {
      const pixels = new Uint8Array(indices.length * side * side);
      for (let from = 0; from < indices.length; from += SLICE) {
        const slice = indices.subarray(from, from + SLICE);
        pixels.set(await images.read(slice), from * side * side);
        await new Promise((resolve) => setImmediate(resolve));
        signal?.throwIfAborted();
        onProgress?.({ kind: 'rendering', images: (slice.at(-1) ?? 0) + 1, of });
      }
      return pixels;
    },
  };
}
