import { checkKeys } from '@fastweights/core';
import type { ImageSet } from '../images/image-set.ts';
import { writeImageCache } from './image-cache.ts';
import { optionsHash } from './image-cache-manifest.ts';

/** Images that follow from a recipe of plain data: equal recipes, equal images. Synthetic faces are such. */
export interface RepeatableImages extends ImageSet {
  readonly recipe: object;
}

export interface CachedImagesOptions {
  /** Where the images go, side × side bytes each; a folder of their own, which need not exist. */
  readonly folder: string;
  /** Called as they are made. */
  readonly onProgress?: (progress: { readonly images: number; readonly of: number }) => void;
}

/** Images made between two checkpoints: a multiple of the faces' twenty lights. */
const CHUNK = 2000;

/**
 * The same set, read from a folder. The first time all images are made, in order; a run that is killed goes on where it was.
 * A folder that holds anything else, images of another recipe, or a damaged file is refused.
 *
 * @throws ImageCacheError
 */
export async function cachedImages<Images extends RepeatableImages>(
  images: Images,
  options: CachedImagesOptions,
): Promise<Omit<Images, 'read'> & Pick<ImageSet, 'read'>> {
  checkKeys('cachedImages', options, ['folder', 'onProgress']);
  const { folder, onProgress } = options;
  const { side, classes, size, recipe } = images;
  const description = { optionsHash: optionsHash({ recipe, size, side, classes }), side, classes };
  const cache = await writeImageCache(folder, description, async (writer) => {
    while (writer.size < size) {
      const { size: from } = writer;
      const to = Math.min(from + CHUNK, size);
      const indices = Uint32Array.from({ length: to - from }, (_, i) => from + i);
      await writer.append(await images.read(indices), images.labels.subarray(from, to));
      await writer.checkpoint({ images: to });
      onProgress?.({ images: to, of: size });
    }
    return { recipe };
  });
  return { ...images, read: cache.set.read };
}
