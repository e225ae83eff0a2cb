import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGpuBackend } from '../backend.ts';
import { dispatch } from '../dispatch.ts';
import { type Inputs, present, required } from '../kernel.ts';
import { product } from '../product.ts';
import { rectifySource } from '../rectify.ts';
import { uninitialised } from '../tensors.ts';
import type { ScanCall } from './scan-call.ts';

/** The gradient of what stands for A in matrix form, a slow matrix or the first A: of what was asked and what came back. */
export function memoryGradient(
  backend: WebGpuBackend,
  inputs: Inputs,
  call: ScanCall,
  recalled: TensorInfo,
): TensorInfo {
  const { batchSize, steps, units, variant } = call;
  const { innerSteps, innerKernel, inner, preliminary } = variant;
  const result = uninitialised(backend, innerKernel ? [units, units] : [batchSize, units, units]);
  const reads = steps * innerSteps;
  const extent = { m: units, n: units, k: innerKernel ? batchSize * reads : reads };
  const key = [innerKernel, units, innerSteps, inner, preliminary].map(Number);
  dispatch(
    backend,
    product({
      name: `FastWeightsScanGrad memory ${key}`,
      tables: { plan: call.plan.numbers },
      reads: {
        recalled,
        kept: required(inputs, 'kept'),
        ...(inner || preliminary ? present(inputs, ['gain', 'bias']) : {}),
      },
      writes: { result },
      sizes: call.sizes,
      extents: [extent],
      copies: innerKernel ? 1 : batchSize,
      code: () => `${querySource(call)}\n${innerKernel ? innerSource : matrixSource}`,
    }),
  );
  return result;
}

/** What was asked at a step's s-th reading, and what came back; nothing at a step that does not read. */
const querySource = ({ units, variant: v }: ScanCall): string => /* wgsl */ `
${rectifySource}
const H = ${units}u;
const S = ${v.innerSteps}u;

fn bitsAt(step: u32) -> i32 { return plan((step / u.T) * u.rowStride + step % u.T); }
fn reads(step: u32) -> bool { return (bitsAt(step) & 17) == 1; }

fn query(k: u32, i: u32) -> f32 {
  let step = k / S;
  let s = k % S;
  if (!reads(step)) { return 0.0; }
  var value = kept((step * (S + 1u) + s) * (H + 1u) + i);
  ${v.inner || v.preliminary ? `if (select(${v.inner}, ${v.preliminary}, s == 0u)) { value = gain(i) * value + bias(i); }` : ''}
  return rectify(value);
}

fn answer(k: u32, i: u32) -> f32 {
  if (!reads(k / S)) { return 0.0; }
  return recalled(k * H + i);
}
`;

/** ∂U = Σ h_sᵀ g */
const innerSource = /* wgsl */ `
fn left(z: u32, m: u32, k: u32) -> f32 { return query(k, m); }
fn right(z: u32, k: u32, n: u32) -> f32 { return answer(k, n); }
fn store(z: u32, m: u32, n: u32, sum: f32) { set_result((z * H + m) * H + n, sum); }
`;

/** ∂A(0) = Σ λ^(writes so far) g h_sᵀ, sample by sample */
const matrixSource = /* wgsl */ `
fn left(z: u32, m: u32, k: u32) -> f32 {
  let writes = plan(z * u.rowStride + 2u * u.T + k / S);
  let kept = bitcast<f32>(plan(u.powers + u32(writes)));
  return kept * answer(z * u.T * S + k, m);
}
fn right(z: u32, k: u32, n: u32) -> f32 { return query(z * u.T * S + k, n); }
fn store(z: u32, m: u32, n: u32, sum: f32) { set_result((z * H + m) * H + n, sum); }
`;
