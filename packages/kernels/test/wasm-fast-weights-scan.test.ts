import {
  type Control,
  controlBits,
  type FastWeightsScanAttrs,
  type FastWeightsScanInputs,
  fastWeightsScan,
  type LayerNormPlace,
  random,
  splitSeed,
  uniform,
} from '@fastweights/core';
import { expectClose, pairwise } from '@fastweights/testing';
import {
  add,
  dispose,
  grads,
  mul,
  sum,
  type Tensor,
  type Tensor3D,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import { activate, type BackendName, callsOf, poisonHeap, register } from './wasm-backends.ts';

const { read, write, wipe, integrate, hold } = controlBits;

/** Control bits of the paper's Figure 3, over and over. */
const GLIMPSES = [write | wipe, 0, 0, 0, 0, read | integrate];

const CONTROLS = ['always', 'glimpses', 'padded', 'own'] as const;
const STATES = ['none', 'h', 'memory'] as const;
const NORMS: Readonly<Record<string, readonly LayerNormPlace[]>> = {
  none: [],
  inner: ['inner'],
  all: ['inner', 'preliminary', 'plain'],
  plain: ['plain', 'preliminary'],
};

interface Case {
  readonly H: number;
  readonly T: number;
  readonly B: number;
  readonly S: number;
  readonly norm: string;
  readonly settling: 'sustained' | 'free';
  readonly memory: 'attention' | 'matrix';
  readonly state: (typeof STATES)[number];
  readonly control: (typeof CONTROLS)[number];
  readonly extra: 'none' | 'window' | 'inner' | 'forgetful' | 'lambda0';
}

function controlOf({ control, B, T }: Case): Control | undefined {
  const row = (bits: (t: number) => number): number[] =>
    Array.from({ length: T }, (_, t) => bits(t));
  if (control === 'always') return undefined;
  if (control === 'glimpses') return [row((t) => GLIMPSES[t % 6] as number)];
  if (control === 'padded') {
    return Array.from({ length: B }, (_, b) => row((t) => (t < T - (b % 3) ? read | write : hold)));
  }
  const stream = random(5);
  return Array.from({ length: B }, () => row(() => Math.floor(uniform(stream, 0, 32))));
}

/** Numbers for every input of a case, as tensors of the active backend. */
function inputsOf(c: Case): FastWeightsScanInputs {
  const { B, T, H } = c;
  const draw = (name: string, shape: number[], size = 1): Tensor => {
    const stream = random(splitSeed(3, name));
    const count = shape.reduce((product, side) => product * side, 1);
    const values = Float32Array.from({ length: count }, () => uniform(stream, -size, size));
    return tensor(values, shape, 'float32');
  };
  const slow = 1 / Math.sqrt(H);
  const inputs: Record<string, Tensor> = {
    drive: draw('drive', [B, T, H]),
    recurrentKernel: draw('W', [H, H], slow),
    integrationKernel: draw('Wint', [H, H], slow),
  };
  if (c.norm !== 'none') {
    inputs['gain'] = draw('gain', [H]);
    inputs['bias'] = draw('bias', [H]);
  }
  if (c.extra === 'inner') inputs['innerKernel'] = draw('U', [H, H], slow);
  if (c.state !== 'none') inputs['h'] = draw('h', [B, H]);
  if (c.state === 'memory') {
    if (c.memory === 'matrix') inputs['A'] = draw('A', [B, H, H], slow);
    else {
      inputs['past'] = draw('past', [3, B, H], slow);
      inputs['weights'] = draw('weights', [3, B]);
    }
  }
  return inputs as unknown as FastWeightsScanInputs;
}

function attrsOf(c: Case): FastWeightsScanAttrs {
  const strong = c.norm === 'inner' || c.norm === 'all';
  const rate = strong ? 0.5 : 0.1 / c.H;
  const control = controlOf(c);
  return {
    decayRate: c.extra === 'lambda0' ? 0 : 0.9,
    learningRate: c.extra === 'forgetful' ? 0 : rate,
    innerSteps: c.S,
    layerNorm: NORMS[c.norm] as readonly LayerNormPlace[],
    settling: c.settling,
    memory: c.memory,
    ...(c.extra === 'window' && { window: 2 }),
    ...(control && { control }),
  };
}

interface Result {
  readonly names: readonly string[];
  readonly value: Float32Array;
  readonly gradients: readonly Float32Array[];
}

/** The value, and the gradients of a random combination of all outputs. */
function evaluate(c: Case, attrs: FastWeightsScanAttrs): Result {
  const stream = random(9);
  const weights = Float32Array.from({ length: c.B * c.T * c.H }, () => uniform(stream, -1, 1));
  const tensors = tidy(() => {
    const inputs = inputsOf(c);
    const names = Object.keys(inputs) as (keyof FastWeightsScanInputs)[];
    const w: Tensor3D = tensor(weights, [c.B, c.T, c.H], 'float32');
    const run = (args: readonly Tensor[]): Tensor3D =>
      fastWeightsScan(Object.fromEntries(names.map((name, i) => [name, args[i]])) as never, attrs);
    // tfjs refuses the gradient of what plays no part; a part of nothing makes it zero.
    const loss = (...args: Tensor[]): Tensor =>
      args.reduce((total, arg) => add(total, sum(mul(arg, 0))), sum(mul(run(args), w)));
    const all = names.map((name) => inputs[name] as Tensor);
    return [run(all), ...grads(loss)(all)];
  });
  const [value, ...gradients] = tensors.map((t) => t.dataSync<'float32'>().slice());
  dispose(tensors);
  return { names: Object.keys(inputsOf(c)), value: value as Float32Array, gradients };
}

const MANY = pairwise({
  H: [1, 3, 7, 17, 50],
  T: [1, 2, 11, 24],
  B: [1, 2, 15, 16, 17],
  S: [0, 1, 2, 3],
  norm: ['none', 'inner', 'all', 'plain'],
  settling: ['sustained', 'free'],
  memory: ['attention', 'matrix'],
  state: STATES,
  control: CONTROLS,
  extra: ['none', 'window', 'inner', 'forgetful', 'lambda0'],
});

describe('dbg', () => {
  let unregister = (): void => {};
  afterEach(() => unregister());
  for (const made of MANY) {
    const c: Case = made.extra === 'window' ? { ...made, memory: 'attention' } : made;
    it(JSON.stringify(c), async () => {
      await activate('wasm');
      const attrs = attrsOf(c);
      const expected = evaluate(c, attrs);
      for (const name of ['wasm', 'cpu'] as BackendName[]) {
        await activate(name);
        unregister = await register(name);
        if (name === 'wasm') poisonHeap(1e6);
        const actual = evaluate(c, attrs);
        unregister();
        unregister = () => {};
        expect(callsOf('FastWeightsScan')).toBe(2);
        expect(callsOf('FastWeightsScanGrad')).toBe(1);
        expectClose([...actual.value], [...expected.value], {}, `${name} value`);
        actual.gradients.forEach((g, i) => {
          expectClose(
            [...g],
            [...(expected.gradients[i] as Float32Array)],
            {},
            `${name} d${expected.names[i]}`,
          );
        });
      }
    });
  }
});
