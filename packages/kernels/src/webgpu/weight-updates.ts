import type { FusedKernel } from '@fastweights/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { sizeOf, type WebGpuBackend } from './backend.ts';
import { dispatch } from './dispatch.ts';
import { elementwise } from './elementwise.ts';
import { type Attrs, type Inputs, required, type Work, webgpuKernel } from './kernel.ts';
import { copied, uninitialised } from './tensors.ts';

/** How an optimiser changes one weight. */
interface Rule {
  readonly name: string;
  /** Its moments, by the names of the inputs. */
  readonly moments: readonly string[];
  factors(attrs: Attrs): Record<string, number>;
  /**
   * WGSL: from the weight `w`, its gradient `g` and its moments, by name, to the new weight, which it answers with;
   * `set_new_<moment>(at, value)` takes new moments.
   */
  readonly source: string;
}

interface Update {
  readonly weight: TensorInfo;
  readonly gradient: TensorInfo;
  readonly offset: number;
  readonly result: TensorInfo;
}

/** Updates as many weights in a dispatch as the device has bindings for. */
function weightUpdate(rule: Rule): Work {
  return (backend, inputs, attrs) => {
    const offsets = attrs['offsets'] as readonly number[];
    const updates = offsets.map((offset, i): Update => {
      const weight = required(inputs, `weight${i}`);
      const result = uninitialised(backend, weight.shape);
      return { weight, gradient: required(inputs, `gradient${i}`), offset, result };
    });
    const updated = updates.reduce((sum, { weight }) => sum + sizeOf(weight), 0);
    const moments = rule.moments.map((name) => {
      const moment = required(inputs, name);
      // What no update touches stays as it is.
      return updated === sizeOf(moment)
        ? uninitialised(backend, moment.shape)
        : copied(backend, moment);
    });
    const limit = backend.device.limits.maxStorageBuffersPerShaderStage;
    const most = Math.max(1, Math.floor((limit - 2 * moments.length) / 3));
    const nonEmpty = updates.filter(({ weight }) => sizeOf(weight) > 0);
    for (let i = 0; i < nonEmpty.length; i += most) {
      updateGroup(backend, rule, nonEmpty.slice(i, i + most), inputs, moments, attrs);
    }
    return [...updates.map(({ result }) => result), ...moments];
  };
}

function updateGroup(
  backend: WebGpuBackend,
  rule: Rule,
  group: readonly Update[],
  inputs: Inputs,
  moments: readonly TensorInfo[],
  attrs: Attrs,
): void {
  const reads: Record<string, TensorInfo> = {};
  const writes: Record<string, TensorInfo> = {};
  const sizes: Record<string, number> = {};
  let elements = 0;
  group.forEach(({ weight, gradient, offset, result }, i) => {
    reads[`weight${i}`] = weight;
    reads[`gradient${i}`] = gradient;
    writes[`result${i}`] = result;
    sizes[`first${i}`] = elements;
    sizes[`offset${i}`] = offset;
    elements += sizeOf(weight);
  });
  rule.moments.forEach((name, m) => {
    reads[name] = required(inputs, name);
    writes[`new_${name}`] = moments[m] as TensorInfo;
  });
  dispatch(
    backend,
    elementwise({
      name: rule.name,
      reads,
      writes,
      sizes,
      factors: rule.factors(attrs),
      elements,
      code: () => `${rule.source}\n${groupSource(group.length)}`,
    }),
  );
}

/** The elements of the weights of a group, one after the other: the last weight that begins at or before i has it. */
function groupSource(length: number): string {
  const cases = Array.from({ length }, (_, k) => {
    const i = length - 1 - k;
    return /* wgsl */ `
  if (i >= u.first${i}) {
    let j = i - u.first${i};
    set_result${i}(j, update(weight${i}(j), gradient${i}(j), u.offset${i} + j));
    return;
  }`;
  });
  return `fn compute(i: u32) {${cases.join('')}\n}`;
}

const adam: Rule = {
  name: 'FastWeightsAdamUpdate',
  moments: ['mean', 'square'],
  factors(attrs) {
    const { updates, learningRate, beta1, beta2, epsilon } = attrs as Record<string, number>;
    return {
      learningRate: learningRate as number,
      beta1: beta1 as number,
      rest1: 1 - (beta1 as number),
      beta2: beta2 as number,
      rest2: 1 - (beta2 as number),
      correction1: 1 - (beta1 as number) ** (updates as number),
      correction2: 1 - (beta2 as number) ** (updates as number),
      epsilon: epsilon as number,
    };
  },
  source: /* wgsl */ `
fn update(w: f32, g: f32, at: u32) -> f32 {
  let m = mean(at) * u.beta1 + g * u.rest1;
  let v = square(at) * u.beta2 + g * g * u.rest2;
  set_new_mean(at, m);
  set_new_square(at, v);
  return w - m / u.correction1 / (sqrt(v / u.correction2) + u.epsilon) * u.learningRate;
}
`,
};

const rmsProp: Rule = {
  name: 'FastWeightsRmsPropUpdate',
  moments: ['square'],
  factors(attrs) {
    const { learningRate, decay, epsilon } = attrs as Record<string, number>;
    return {
      learningRate: learningRate as number,
      decay: decay as number,
      rest: 1 - (decay as number),
      epsilon: epsilon as number,
    };
  },
  source: /* wgsl */ `
fn update(w: f32, g: f32, at: u32) -> f32 {
  let v = square(at) * u.decay + g * g * u.rest;
  set_new_square(at, v);
  return w - g / sqrt(v + u.epsilon) * u.learningRate;
}
`,
};

export const weightUpdateKernels: readonly FusedKernel[] = [adam, rmsProp].map((rule) =>
  webgpuKernel(
    rule.name,
    weightUpdate(rule),
    // The norm of all gradients is a sum over all of them: the reference has it.
    (_, attrs) => attrs['clipNorm'] === undefined,
  ),
);
