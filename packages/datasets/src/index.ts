export {
  type AssociativeRetrieval,
  type AssociativeRetrievalOptions,
  associativeRetrieval,
  type RetrievalSizes,
} from './associative-retrieval.ts';
export { catchActions } from './catch/catch-actions.ts';
export {
  type CatchEnvironment,
  type CatchOptions,
  catchEnvironment,
} from './catch/catch-environment.ts';
export type { CatchSnapshot } from './catch/catch-snapshot.ts';
export type { CatchWorld } from './catch/catch-world.ts';
export {
  type CatchPicture,
  type CatchPixelsOptions,
  type CatchTextOptions,
  catchPixels,
  catchText,
} from './catch/render-catch.ts';
export { CsvError, type TextChunks } from './faces/csv-rows.ts';
export {
  type Fer2013,
  type Fer2013Options,
  type Fer2013Report,
  parseFer2013,
} from './faces/fer-2013.ts';
export { Fer2013Error, type Fer2013RowFault } from './faces/fer-2013-rows.ts';
export { alignedPlaces, alignFace } from './faces/multi-pie/align.ts';
export {
  type MultiPieExpression,
  multiPieClasses,
  multiPieExpression,
} from './faces/multi-pie/expressions.ts';
export { type IdentitySplit, identitySplit } from './faces/multi-pie/identity-split.ts';
export {
  type Landmarks,
  LandmarksError,
  type LandmarksReport,
  type MultiPieLandmarks,
  readLandmarks,
} from './faces/multi-pie/landmarks.ts';
export { type MultiPieShot, pathOfShot, shotOfPath } from './faces/multi-pie/shot.ts';
export type { ActionUnit } from './faces/synthetic/action-units.ts';
export type { FaceFacts, FaceRecipe, FaceSet } from './faces/synthetic/face-set.ts';
export { type RenderFaceOptions, renderFace } from './faces/synthetic/render-face.ts';
export {
  type SyntheticFaces,
  type SyntheticFacesOptions,
  syntheticFaces,
} from './faces/synthetic/synthetic-faces.ts';
export type { Count, Counts } from './faces/tally.ts';
export {
  type GlimpseBatch,
  type GlimpseDatasetOptions,
  glimpseDataset,
} from './images/glimpse-dataset.ts';
export {
  type Glimpse,
  type GlimpseRole,
  type Glimpses,
  type GlimpsesOptions,
  glimpses,
} from './images/glimpses.ts';
export type { GreyImage } from './images/grey-png.ts';
export { gunzip } from './images/gunzip.ts';
export { type Idx, IdxError, type IdxFault, idxImages, readIdx } from './images/idx.ts';
export type { ImageDatasetOptions } from './images/image-batches.ts';
export { type ImageBatch, imageDataset } from './images/image-dataset.ts';
export type { ImageSet } from './images/image-set.ts';
export { type MemoryImages, memoryImages } from './images/memory-images.ts';
export { type MnistSplits, mnistSplits, split, subset } from './images/subset.ts';
export {
  type RetrievalBatch,
  type RetrievalStrings,
  retrievalDataset,
} from './retrieval-dataset.ts';
export {
  answerRetrieval,
  decodeRetrieval,
  encodeRetrieval,
  RetrievalTextError,
  retrievalAlphabet,
  retrievalLength,
} from './retrieval-text.ts';
