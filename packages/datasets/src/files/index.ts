// Readers of files, for Node.

export {
  type CachedImagesOptions,
  cachedImages,
  type RepeatableImages,
} from './cached-images.ts';
export { type ClassSheetOptions, classSheet } from './class-sheet.ts';
export { type ContactSheetOptions, contactSheet } from './contact-sheet.ts';
export { type Fer2013FileOptions, readFer2013 } from './fer-2013.ts';
export { type GlimpseSheetOptions, glimpseSheet } from './glimpse-sheet.ts';
export {
  type ImageCache,
  openImageCache,
  writeImageCache,
} from './image-cache.ts';
export { ImageCacheError, type ImageCacheProblem } from './image-cache-error.ts';
export { type ImageCacheDescription, optionsHash } from './image-cache-manifest.ts';
export type { ImageCacheWriter } from './image-cache-writer.ts';
export { type Mnist, type MnistOptions, readMnist } from './mnist.ts';
export { type MnistFault, MnistFilesError } from './mnist-error.ts';
export type { MnistName, MnistPart } from './mnist-known.ts';
export {
  type MultiPie,
  type MultiPieOptions,
  type MultiPieReport,
  readMultiPie,
} from './multi-pie.ts';
export { MultiPieError, type MultiPieFault } from './multi-pie-error.ts';
export type { MultiPieProblem, MultiPieTree } from './multi-pie-images.ts';
