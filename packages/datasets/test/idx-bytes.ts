/** An IDX file of unsigned bytes, as its description has it. */
export function idxBytes(shape: readonly number[], values: ArrayLike<number>): Uint8Array {
  const sizes = shape.flatMap((size) => [size >>> 24, size >>> 16, size >>> 8, size]);
  return Uint8Array.from([0, 0, 8, shape.length, ...sizes, ...Array.from(values)], (x) => x & 255);
}
