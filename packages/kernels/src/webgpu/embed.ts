import type { FusedKernel } from '@fastweights/core';
import { sizeOf } from './backend.ts';
import { dispatch } from './dispatch.ts';
import { elementwise } from './elementwise.ts';
import { required, type Work, webgpuKernel } from './kernel.ts';
import { fits } from './limits.ts';
import { product } from './product.ts';
import { uninitialised } from './tensors.ts';

const embed: Work = (backend, inputs) => {
  const [ids, table] = [required(inputs, 'ids'), required(inputs, 'table')];
  const [rows, width] = table.shape as [number, number];
  const y = uninitialised(backend, [...ids.shape, width]);
  dispatch(
    backend,
    elementwise({
      name: 'FastWeightsEmbed',
      reads: { ids, table },
      writes: { y },
      sizes: { rows, width },
      elements: sizeOf(ids) * width,
      code: () => /* wgsl */ `
fn compute(i: u32) {
  // An id below 0 is one far beyond the table.
  let id = u32(ids(i / u.width));
  if (id < u.rows) { set_y(i, table(id * u.width + i % u.width)); } else { set_y(i, 0.0); }
}`,
    }),
  );
  return [y];
};

/** Sums the rows of dy that came from the same row of the table: a product with one-hot ids, since WGSL adds no floats atomically. */
const embedGradient: Work = (backend, inputs) => {
  const [ids, table] = [required(inputs, 'ids'), required(inputs, 'table')];
  const [rows, width] = table.shape as [number, number];
  const result = uninitialised(backend, table.shape);
  dispatch(
    backend,
    product({
      name: 'FastWeightsEmbedGrad',
      reads: { ids, dy: required(inputs, 'dy') },
      writes: { result },
      extents: [{ m: rows, n: width, k: sizeOf(ids) }],
      code: () => /* wgsl */ `
fn left(z: u32, m: u32, k: u32) -> f32 { return select(0.0, 1.0, u32(ids(k)) == m); }
fn right(z: u32, k: u32, n: u32) -> f32 { return dy(k * u.N0 + n); }
fn store(z: u32, m: u32, n: u32, sum: f32) { set_result(m * u.N0 + n, sum); }`,
    }),
  );
  return [result];
};

export const embedKernels: readonly FusedKernel[] = [
  webgpuKernel('FastWeightsEmbed', embed, fits),
  webgpuKernel('FastWeightsEmbedGrad', embedGradient),
];
