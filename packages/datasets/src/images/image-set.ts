/** Square grey images of one size with their classes, wherever they come from: memory, files or a renderer. */
export interface ImageSet {
  readonly size: number;
  /** Width and height in pixels. */
  readonly side: number;
  readonly classes: readonly string[];
  /** The class of each image. */
  readonly labels: Uint8Array;
  /** Grey values 0 … 255 of these images, one after the other, row by row. */
  read(indices: Uint32Array): Uint8Array | Promise<Uint8Array>;
}
