import type { FusedKernel } from '@fastweights/core';
import { dispatch } from './dispatch.ts';
import { present, required, type Work, webgpuKernel } from './kernel.ts';
import { fits } from './limits.ts';
import { product } from './product.ts';
import { rectifySource } from './rectify.ts';
import { uninitialised } from './tensors.ts';

/** y = f(x · kernel + bias) */
const linear: Work = (backend, inputs, { activation }) => {
  const [rows, n] = [required(inputs, 'x').shape[0] as number, outputsOf(inputs)];
  const y = uninitialised(backend, [rows, n]);
  const hasBias = inputs['bias'] !== undefined;
  dispatch(
    backend,
    product({
      name: `FastWeightsLinear ${activation}`,
      reads: present(inputs, ['x', 'kernel', 'bias']),
      writes: { y },
      extents: [{ m: rows, n, k: inputsOf(inputs) }],
      code: () => /* wgsl */ `
${rectifySource}
fn left(z: u32, m: u32, k: u32) -> f32 { return x(m * u.K0 + k); }
fn right(z: u32, k: u32, n: u32) -> f32 { return kernel(k * u.N0 + n); }
fn store(z: u32, m: u32, n: u32, sum: f32) {
  let v = sum${hasBias ? ' + bias(n)' : ''};
  set_y(m * u.N0 + n, ${activation === 'relu' ? 'rectify(v)' : 'v'});
}`,
    }),
  );
  return [y];
};

/** With g = f′ dy, in one dispatch: ∂x = g · kernelᵀ, and ∂kernel = xᵀ · g with ∂bias as the row of an input that is always 1. */
const linearGradient: Work = (backend, inputs, { activation }) => {
  const { shape } = required(inputs, 'x');
  const [rows, ins, outs] = [shape[0] as number, inputsOf(inputs), outputsOf(inputs)];
  const xGradient = uninitialised(backend, shape);
  const kernelGradient = uninitialised(backend, [ins, outs]);
  const biasGradient = inputs['bias'] && uninitialised(backend, [outs]);
  const rectified = activation === 'relu';
  dispatch(
    backend,
    product({
      name: `FastWeightsLinearGrad ${activation}`,
      reads: present(inputs, ['x', 'kernel', 'dy', ...(rectified ? ['y'] : [])]),
      writes: { xGradient, kernelGradient, ...(biasGradient && { biasGradient }) },
      sizes: { inputs: ins, outputs: outs },
      extents: [
        { m: rows, n: ins, k: outs },
        { m: biasGradient ? ins + 1 : ins, n: outs, k: rows },
      ],
      code: () => gradientSource(rectified, biasGradient !== undefined),
    }),
  );
  return [xGradient, kernelGradient, ...(biasGradient ? [biasGradient] : [])];
};

/** z = 0: ∂x, `[rows][inputs]`; z = 1: ∂kernel and ∂bias, `[inputs + 1][outputs]`. */
const gradientSource = (rectified: boolean, hasBias: boolean): string => /* wgsl */ `
${rectifySource}
fn gradientAt(i: u32) -> f32 { return ${rectified ? 'rectifyGradient(y(i), dy(i))' : 'dy(i)'}; }

fn left(z: u32, m: u32, k: u32) -> f32 {
  if (z == 0u) { return gradientAt(m * u.outputs + k); }
  if (m == u.inputs) { return 1.0; }
  return x(k * u.inputs + m);
}

fn right(z: u32, k: u32, n: u32) -> f32 {
  if (z == 0u) { return kernel(n * u.outputs + k); }
  return gradientAt(k * u.outputs + n);
}

fn store(z: u32, m: u32, n: u32, sum: f32) {
  if (z == 0u) {
    set_xGradient(m * u.inputs + n, sum);
  } else if (m < u.inputs) {
    set_kernelGradient(m * u.outputs + n, sum);
  } else {
    ${hasBias ? 'set_biasGradient(n, sum);' : ''}
  }
}
`;

const inputsOf = (inputs: Parameters<Work>[1]): number =>
  required(inputs, 'kernel').shape[0] as number;

const outputsOf = (inputs: Parameters<Work>[1]): number =>
  required(inputs, 'kernel').shape[1] as number;

export const linearKernels: readonly FusedKernel[] = [
  webgpuKernel('FastWeightsLinear', linear, fits),
  webgpuKernel('FastWeightsLinearGrad', linearGradient),
];
