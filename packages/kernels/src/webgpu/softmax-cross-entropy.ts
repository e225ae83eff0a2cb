import type { FusedKernel } from '@fastweights/core';
import { dispatch } from './dispatch.ts';
import { elementwise } from './elementwise.ts';
import { type Inputs, required, type Work, webgpuKernel } from './kernel.ts';
import { fits } from './limits.ts';
import { uninitialised } from './tensors.ts';

const THREADS = 64;

/** −mean log softmax(logits)[label]: one workgroup, whose threads each take some of the rows. */
const crossEntropy: Work = (backend, inputs) => {
  const loss = uninitialised(backend, []);
  dispatch(backend, {
    name: 'FastWeightsSoftmaxCrossEntropy',
    reads: { logits: required(inputs, 'logits'), labels: required(inputs, 'labels') },
    writes: { loss },
    ...numbers(inputs),
    workgroups: [1],
    code: () => /* wgsl */ `
${rowSource}
var<workgroup> parts: array<f32, ${THREADS}>;

@compute @workgroup_size(${THREADS})
fn main(@builtin(local_invocation_index) lane: u32) {
  var part = 0.0;
  for (var row = lane; row < u.rows; row += ${THREADS}u) {
    let label = u32(labels(row));
    if (label < u.classes) {
      part += logSum(row) - logits(row * u.classes + label);
    } else {
      part += u.notANumber;
    }
  }
  parts[lane] = part;
  workgroupBarrier();
  if (lane > 0u) { return; }
  var sum = 0.0;
  for (var i = 0u; i < ${THREADS}u; i++) { sum += parts[i]; }
  set_loss(0u, sum / f32(u.rows));
}`,
  });
  return [loss];
};

/** (softmax(logits) − onehot(label)) dy / rows */
const crossEntropyGradient: Work = (backend, inputs) => {
  const logits = required(inputs, 'logits');
  const result = uninitialised(backend, logits.shape);
  dispatch(
    backend,
    elementwise({
      name: 'FastWeightsSoftmaxCrossEntropyGrad',
      reads: { logits, labels: required(inputs, 'labels'), dy: required(inputs, 'dy') },
      writes: { result },
      ...numbers(inputs),
      elements: logits.shape[0] as number,
      code: () => /* wgsl */ `
${rowSource}
fn compute(row: u32) {
  let label = u32(labels(row));
  let scale = select(u.notANumber, dy(0u) / f32(u.rows), label < u.classes);
  let normalizer = logSum(row);
  for (var c = 0u; c < u.classes; c++) {
    let i = row * u.classes + c;
    set_result(i, scale * (exp(logits(i) - normalizer) - select(0.0, 1.0, c == label)));
  }
}`,
    }),
  );
  return [result];
};

function numbers(inputs: Inputs): {
  sizes: Record<string, number>;
  factors: Record<string, number>;
} {
  const [rows, classes] = required(inputs, 'logits').shape as [number, number];
  return { sizes: { rows, classes }, factors: { notANumber: Number.NaN } };
}

/** log Σ exp(logits) of a row, without overflow. */
const rowSource = /* wgsl */ `
fn logSum(row: u32) -> f32 {
  var most = logits(row * u.classes);
  for (var c = 1u; c < u.classes; c++) { most = max(most, logits(row * u.classes + c)); }
  var sum = 0.0;
  for (var c = 0u; c < u.classes; c++) { sum += exp(logits(row * u.classes + c) - most); }
  return most + log(sum);
}
`;

export const softmaxCrossEntropyKernels: readonly FusedKernel[] = [
  webgpuKernel('FastWeightsSoftmaxCrossEntropy', crossEntropy, fits),
  webgpuKernel('FastWeightsSoftmaxCrossEntropyGrad', crossEntropyGradient),
];
