import type { Tensor } from '@tensorflow/tfjs-core';

/** The numbers of a tensor as so many rows of equal length; the tensor is then done with. */
export async function rowsOf(tensor: Tensor, rows: number): Promise<number[][]> {
  const values = await tensor.data();
  tensor.dispose();
  const width = values.length / rows;
  return Array.from({ length: rows }, (_, i) =>
    Array.from(values.subarray(i * width, (i + 1) * width)),
  );
}
