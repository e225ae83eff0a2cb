import {
  type FastWeightsScanInputs,
  fastWeightsLastState,
  fastWeightsScan,
  integer,
  random,
  uniform,
} from '@fastweights/core';
import { expectClose, expectNoLeaks, pairwise } from '@fastweights/testing';
import { add, grads, mul, sum, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import { activate, callsOf, register } from './wasm-backends.ts';
import { describeParity, poison } from './wasm-parity.ts';
import {
  asReference,
  attrsOf,
  FACTORS,
  inputsOf,
  nameOf,
  possible,
  type ScanCase,
} from './wasm-scan-cases.ts';

const SHAPES = {
  H: [1, 3, 7, 17, 50, 63, 100, 129, 200],
  T: [1, 2, 11, 24, 65],
  B: [1, 2, 15, 16, 17, 128],
} as const;

/** Every pair of everything, and each pair of two sizes with whatever else is drawn for it. */
const CASES: readonly ScanCase[] = [
  ...pairwise({ ...SHAPES, ...FACTORS }),
  ...drawRest(pairwise(SHAPES), 4),
].map(possible);

function drawRest(
  shapes: readonly Pick<ScanCase, 'H' | 'T' | 'B'>[],
  times: number,
): readonly ScanCase[] {
  const stream = random(7);
  const rest = (): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(FACTORS).map(([name, values]) => [
        name,
        values[integer(stream, values.length)],
      ]),
    );
  return Array.from({ length: times }, () =>
    shapes.map((shape) => ({ ...shape, ...rest() }) as ScanCase),
  ).flat();
}

type Numbers = Readonly<Record<string, Float32Array>>;

interface Drawn {
  readonly seed?: number;
  readonly shaken?: boolean;
}

/** The value, and every gradient of a random combination of it. */
function evaluate(c: ScanCase, drawn: Drawn, before: () => void = () => {}): Numbers {
  const stream = random(9);
  return tidy(() => {
    const inputs = inputsOf(c, drawn);
    const names = Object.keys(inputs);
    const run = callOf(c, names);
    const args = Object.values(inputs) as Tensor[];
    before();
    const value = run(...args);
    const weights = Float32Array.from({ length: value.size }, () => uniform(stream, -1, 1));
    const w = tensor(weights, value.shape, 'float32');
    // tfjs refuses the gradient of what plays no part; a part of nothing makes it zero.
    const loss = (...args: Tensor[]): Tensor =>
      args.reduce((total, arg) => add(total, sum(mul(arg, 0))), sum(mul(run(...args), w)));
    before();
    const results = [value, ...grads(loss)(args)];
    const numbers = results.map((result) => result.dataSync<'float32'>().slice());
    return Object.fromEntries(
      ['value', ...names.map((name) => `gradient of ${name}`)].map((name, i) => [
        name,
        numbers[i] as Float32Array,
      ]),
    );
  });
}

/** No number of a case may change more, relative to all of its kind, when every input changes by a last bit. */
const SHAKE = 5e-6;

/**
 * What the reference computes, from the first draw for which it can be told to 1e-5 at all. Where a unit is within a last
 * bit of ReLU's kink, or a layer norm divides by next to nothing, two correct programs part.
 */
function wellConditioned(c: ScanCase): { readonly seed: number; readonly expected: Numbers } {
  for (let seed = 3; seed < 40; seed++) {
    const expected = evaluate(c, { seed });
    const shaken = evaluate(c, { seed, shaken: true });
    const changes = Object.keys(expected).map((name) =>
      relativeChange(shaken[name] as Float32Array, expected[name] as Float32Array),
    );
    if (changes.every((change) => change <= SHAKE)) return { seed, expected };
  }
  throw new Error('the reference itself cannot tell any draw to 1e-5');
}

function relativeChange(values: Float32Array, from: Float32Array): number {
  const size = from.reduce((total, x) => total + x * x, 0);
  const change = values.reduce((total, x, i) => total + (x - (from[i] as number)) ** 2, 0);
  return size === 0 ? 0 : Math.sqrt(change / size);
}

/** The op of a case, as a function of the inputs of these names. */
function callOf(c: ScanCase, names: readonly string[]): (...inputs: Tensor[]) => Tensor {
  const attrs = attrsOf(c);
  const scan = c.result === 'all' ? fastWeightsScan : fastWeightsLastState;
  return (...inputs) => {
    const named = Object.fromEntries(names.map((name, i) => [name, inputs[i]]));
    return scan(named as unknown as FastWeightsScanInputs, attrs);
  };
}

const kernelOf = ({ result }: Pick<ScanCase, 'result'>): string =>
  result === 'all' ? 'FastWeightsScan' : 'FastWeightsLastState';

// The reference runs on wasm: on tfjs's cpu backend the large shapes would take hours.
describe('FastWeightsScan and FastWeightsLastState equal their reference on wasm', () => {
  let unregister = (): void => {};
  afterEach(() => {
    unregister();
    unregister = () => {};
  });

  it.each(CASES.map((c) => [nameOf(c), c] as const))('%s', async (_, c) => {
    await activate('wasm');
    const { seed, expected } = wellConditioned(asReference(c));
    const kernelName = kernelOf(c);
    const room = Math.min(4e6, 300_000 + 8 * c.B * c.T * c.H);
    for (const backend of ['wasm', 'cpu'] as const) {
      await activate(backend);
      unregister = await register(backend);
      await expectNoLeaks(() => {
        const actual = evaluate(c, { seed }, () => poison(room));
        for (const [name, values] of Object.entries(expected)) {
          expectClose([...(actual[name] as Float32Array)], [...values], {}, `${name}, ${backend}`);
        }
      });
      unregister();
      unregister = () => {};
      expect(callsOf(kernelName), 'calls of the forward').toBe(2);
      expect(callsOf(`${kernelName}Grad`), 'calls of the backward').toBe(1);
    }
  });
});

for (const result of FACTORS.result) {
  const small = pairwise({ H: [1, 3, 5], T: [1, 2, 4], B: [1, 3], ...FACTORS, result: [result] });
  describeParity(
    kernelOf({ result }),
    small.map(possible).map((c) => {
      const make = (): Record<string, Tensor> => inputsOf(c) as never;
      const names = tidy(() => Object.keys(make()));
      return {
        name: nameOf(c),
        inputs: () => Object.values(make()),
        run: callOf(c, names),
        second: true,
      };
    }),
  );
}
