import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGpuBackend } from '../backend.ts';
import { dispatch } from '../dispatch.ts';
import { type Inputs, present, required } from '../kernel.ts';
import { type Extent, product } from '../product.ts';
import { uninitialised } from '../tensors.ts';
import type { ScanCall } from './scan-call.ts';

type Tensors = Readonly<Record<string, TensorInfo>>;

/**
 * The gradients that are sums over the batch, in one dispatch: those of the kernels over all steps, and those of gain and
 * bias of what each sample found.
 */
export function summedGradients(
  backend: WebGpuBackend,
  inputs: Inputs,
  { batchSize, steps, units, plan, variant, sizes }: ScanCall,
  through: Tensors,
): Tensors {
  const { normGradient } = through;
  const names = [
    'recurrentKernel',
    ...(variant.integrates ? ['integrationKernel'] : []),
    ...(normGradient ? ['gain', 'bias'] : []),
  ];
  const results = Object.fromEntries(
    names.map((name) => [name, uninitialised(backend, required(inputs, name).shape)]),
  );
  const extents = names.map(
    (name): Extent =>
      isKernel(name)
        ? { m: units, n: units, k: batchSize * steps }
        : { m: 1, n: units, k: batchSize },
  );
  const outer = through['boundaryGradient'] ?? (through['driveGradient'] as TensorInfo);
  dispatch(
    backend,
    product({
      name: 'FastWeightsScanGrad sums',
      tables: { plan: plan.numbers },
      reads: {
        y: required(inputs, 'y'),
        outer,
        ...present(inputs, ['h']),
        ...(normGradient && { normGradient }),
      },
      writes: Object.fromEntries(
        names.map((name) => [`${name}Gradient`, results[name]]),
      ) as Tensors,
      sizes,
      extents,
      code: () => sumsSource(names, variant.hasState),
    }),
  );
  return results;
}

const isKernel = (name: string): boolean => name.endsWith('Kernel');

/**
 * z is the place among the names. Kernels: Σ h(t−1)ᵀ g(t) over the steps, of all samples, that take this kernel; h is zero
 * after a wipe.
 */
function sumsSource(names: readonly string[], hasState: boolean): string {
  const [z, gain, bias] = ['integrationKernel', 'gain', 'bias'].map((name) => names.indexOf(name));
  const store = names.map(
    (name, i) => `if (z == ${i}u) { set_${name}Gradient(m * u.N0 + n, sum); }`,
  );
  const normed =
    gain === -1
      ? ''
      : /* wgsl */ `
  if (z == ${gain}u) { return normGradient(2u * k * u.N0 + n); }
  if (z == ${bias}u) { return normGradient((2u * k + 1u) * u.N0 + n); }`;
  return /* wgsl */ `
fn bitsAt(b: u32, t: u32) -> i32 { return plan(b * u.rowStride + t); }

fn left(z: u32, m: u32, k: u32) -> f32 {
  ${gain === -1 ? '' : `if (z >= ${gain}u) { return 1.0; }`}
  let b = k / u.T;
  let t = k % u.T;
  if (((bitsAt(b, t) & 8) != 0) != ${z === -1 ? 'false' : `(z == ${z}u)`}) { return 0.0; }
  if (t == 0u) { return ${hasState ? 'h(b * u.M0 + m)' : '0.0'}; }
  let wiped = (bitsAt(b, t - 1u) & 4) != 0;
  if (wiped) { return 0.0; }
  return y((k - 1u) * u.M0 + m);
}

fn right(z: u32, k: u32, n: u32) -> f32 {
  ${normed}
  return outer(k * u.N0 + n);
}

fn store(z: u32, m: u32, n: u32, sum: f32) {
  ${store.join('\n  ')}
}
`;
}
