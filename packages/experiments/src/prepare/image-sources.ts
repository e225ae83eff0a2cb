import type { ImageSet } from '@fastweights/datasets';
import type { FerData, MnistData, MultiPieData } from '../config/image-configs.ts';

export interface ImageParts {
  readonly training: ImageSet;
  readonly validation: ImageSet;
  readonly test: ImageSet;
}

/**
 * Where images come from that must be read. `fileSources` of `@fastweights/experiments/node` reads files; a page may
 * bring its own.
 */
export interface ImageSources {
  mnist?(data: MnistData): Promise<Omit<ImageParts, 'validation'>>;
  multiPie?(data: MultiPieData): Promise<ImageParts>;
  fer2013?(data: FerData): Promise<ImageParts>;
  /** May keep rendered images somewhere, since that is faster than rendering them anew in each epoch. */
  rendered?(images: RenderedImages): Promise<ImageSet>;
}

/** Images that follow from a recipe. */
export interface RenderedImages extends ImageSet {
  readonly recipe: object;
}
