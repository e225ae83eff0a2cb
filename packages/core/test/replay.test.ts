import { expectNoLeaks } from '@fastweights/testing';
import {
  add,
  engine,
  getBackend,
  type KernelConfig,
  mul,
  type NamedTensorMap,
  registerKernel,
  reshape,
  type Scalar,
  scalar,
  setBackend,
  square,
  sum,
  type Tensor,
  type Tensor1D,
  type TensorInfo,
  tensor1d,
  tidy,
  unregisterKernel,
  type Variable,
  variable,
  variableGrads,
} from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setNumericChecks } from '../src/checks.ts';
import { fusable } from '../src/fusable.ts';
import { replayed } from '../src/replay.ts';

// Two toy ops with kernels in plain JavaScript: y = factor · x ∘ w, and s = Σ x².

const scaled = fusable<{ x: Tensor; w: Tensor }, { factor: number }, Tensor1D>({
  kernelName: 'TestScaled',
  differentiable: ['x', 'w'],
  reference: ({ x, w }, { factor }) => mul(mul(x, w), factor),
});

const squares = fusable<{ x: Tensor }, Record<never, never>, Scalar>({
  kernelName: 'TestSquares',
  differentiable: ['x'],
  reference: ({ x }) => sum(square(x)),
});

type Kernel = (inputs: Record<string, Float32Array>, attrs: Record<string, unknown>) => number[][];

/** Whatever is odd about a call: how often kernels ran, and which of them is to fail. */
let ran = 0;
let failing: string | undefined;
let alive = 0;

function register(name: string, kernel: Kernel): void {
  const kernelFunc: KernelConfig['kernelFunc'] = ({ inputs, attrs = {}, backend }) => {
    ran++;
    if (failing === name) throw new Error('out of everything');
    const values: Record<string, Float32Array> = {};
    for (const key in inputs) {
      const { dataId } = inputs[key] as TensorInfo;
      values[key] = engine().backend.readSync(dataId) as Float32Array;
    }
    const make = (numbers: number[]): TensorInfo =>
      (backend as Maker).makeTensorInfo(
        numbers.length === 1 ? [] : [numbers.length],
        'float32',
        Float32Array.from(numbers),
      );
    return kernel(values, attrs as Record<string, unknown>).map(make);
  };
  registerKernel({ kernelName: name, backendName: getBackend(), kernelFunc });
}

interface Maker {
  makeTensorInfo(shape: number[], dtype: string, values: Float32Array): TensorInfo;
}

/** Without the tensor that it begins as. */
const weight = (values: number[]): Variable => tidy(() => variable(tensor1d(values)));

const names = ['TestScaled', 'TestScaledGrad', 'TestSquares', 'TestSquaresGrad'];

beforeEach(async () => {
  await setBackend('cpu');
  ran = 0;
  failing = undefined;
  register('TestScaled', ({ x, w }, { factor }) => [
    [...(x as Float32Array)].map((v, i) => v * (w?.[i] as number) * (factor as number)),
  ]);
  register('TestScaledGrad', ({ x, w, dy }, { factor }) => [
    [...(dy as Float32Array)].map((v, i) => v * (w?.[i] as number) * (factor as number)),
    [...(dy as Float32Array)].map((v, i) => v * (x?.[i] as number) * (factor as number)),
  ]);
  register('TestSquares', ({ x }) => [
    [(x as Float32Array).reduce((total, v) => total + v * v, 0)],
  ]);
  register('TestSquaresGrad', ({ x, dy }) => [
    [...(x as Float32Array)].map((v) => 2 * v * (dy?.[0] as number)),
  ]);
  alive = engine().backend.numDataIds();
});

afterEach(() => {
  setNumericChecks(false);
  for (const name of names) unregisterKernel(name, 'cpu');
});

/** Σ (factor · x ∘ w)² and its gradient, and how often the function itself ran. */
function lossOf(w: Variable, factor = (): number => 3) {
  const seen = { runs: 0 };
  const run = ({ x, one }: NamedTensorMap): NamedTensorMap => {
    seen.runs++;
    const loss = (): Scalar =>
      squares({ x: scaled({ x: x as Tensor, w }, { factor: factor() }) }, {});
    const { value, grads } = engine().gradients(loss, [w], one as Scalar, true);
    return { value, gradient: grads[0] as Tensor };
  };
  return { seen, call: replayed(run, [w]) };
}

function numbers(results: NamedTensorMap): number[][] {
  return Object.values(results).map((tensor) => [...tensor.dataSync()]);
}

/** By hand, for x and w: the loss and ∂loss/∂w. */
const expected = (x: number[], w: number[], factor = 3): number[][] => {
  const y = x.map((v, i) => factor * v * (w[i] as number));
  return [
    [y.reduce((total, v) => total + v * v, 0)],
    y.map((v, i) => 2 * v * factor * (x[i] as number)),
  ];
};

function callWith(call: (inputs: NamedTensorMap) => NamedTensorMap, values: number[]): number[][] {
  return tidy(() => {
    return numbers(call({ x: tensor1d(values), one: scalar(1) }));
  });
}

describe('replayed', () => {
  it('runs the function twice, and then its kernels alone, with what the weights are by then', () => {
    const w = weight([1, 2]);
    const { seen, call } = lossOf(w);
    for (let i = 0; i < 6; i++) {
      tidy(() => w.assign(tensor1d([1 + i, 2])));
      const before = ran;
      expect(callWith(call, [i, 1])).toEqual(expected([i, 1], [1 + i, 2]));
      expect(ran - before).toBe(4);
    }
    expect(seen.runs).toBe(2);
    w.dispose();
  });

  it('learns each shape by itself', () => {
    const w = weight([1, 2]);
    const run = { times: 0 };
    const call = replayed(({ x, w: own }: NamedTensorMap) => {
      run.times++;
      return { y: scaled({ x: x as Tensor, w: own as Tensor }, { factor: 2 }) };
    }, []);
    for (let i = 0; i < 4; i++) {
      for (const size of [2, 3]) {
        const y = tidy(() => {
          const x = tensor1d(Array.from({ length: size }, (_, n) => n + i));
          return numbers(call({ x, w: tensor1d(Array(size).fill(0.5)) }));
        });
        expect(y).toEqual([Array.from({ length: size }, (_, n) => n + i)]);
      }
    }
    expect(run.times).toBe(4);
    w.dispose();
  });

  it('leaves nothing behind, whatever it did', async () => {
    await expectNoLeaks(() => {
      const w = weight([1, 2]);
      const { call } = lossOf(w);
      for (let i = 0; i < 5; i++) callWith(call, [i, 1]);
      w.dispose();
    });
    expect(engine().backend.numDataIds()).toBe(alive);
  });

  it('gives back what it holds when a kernel fails, and goes on afterwards', () => {
    const w = weight([1, 2]);
    const { seen, call } = lossOf(w);
    for (let i = 0; i < 3; i++) callWith(call, [i, 1]);
    const before = engine().backend.numDataIds();
    for (const name of names) {
      failing = name;
      expect(() => callWith(call, [1, 1]), name).toThrow('out of everything');
      expect(engine().backend.numDataIds(), name).toBe(before);
    }
    failing = undefined;
    expect(callWith(call, [4, 5])).toEqual(expected([4, 5], [1, 2]));
    expect(seen.runs).toBe(2);
    w.dispose();
  });

  const factors = [1, 2, 3, 4, 5];

  it('always runs a function whose attributes change', () => {
    const w = weight([1, 2]);
    let step = 0;
    const { seen, call } = lossOf(w, () => factors[step] as number);
    for (step = 0; step < 5; step++) {
      expect(callWith(call, [1, 1])).toEqual(expected([1, 1], [1, 2], factors[step]));
    }
    expect(seen.runs).toBe(5);
    w.dispose();
  });

  it.each<[what: string, run: (x: Tensor, count: number) => NamedTensorMap]>([
    ['an op without a kernel', (x) => ({ y: scaled({ x: add(x, 1), w: x }, { factor: 1 }) })],
    [
      'a result of an op without a kernel',
      (x) => ({ y: add(scaled({ x, w: x }, { factor: 1 }), 1) }),
    ],
    ['a tensor made anew', (x) => ({ y: scaled({ x, w: tensor1d([1, 2]) }, { factor: 1 }) })],
    [
      'a number that changes',
      (x, count) => ({ y: squares({ x: scalar(count) }, {}), z: squares({ x }, {}) }),
    ],
    [
      'a number that an op without a kernel has made',
      (x) => ({ y: scaled({ x: reshape(sum(x), [1]), w: reshape(sum(x), [1]) }, { factor: 1 }) }),
    ],
    ['an input as a result', (x) => ({ x, y: squares({ x }, {}) })],
    [
      'one result twice',
      (x) => {
        const y = squares({ x }, {});
        return { y, z: y };
      },
    ],
  ])('always runs a function with %s', (_, run) => {
    let count = 0;
    const call = replayed(({ x }: NamedTensorMap) => run(x as Tensor, ++count), []);
    tidy(() => {
      for (let i = 0; i < 5; i++) {
        const x = tensor1d([i, 2]);
        const direct = numbers(run(x, i + 1));
        expect(numbers(call({ x }))).toEqual(direct);
      }
    });
    expect(count).toBe(5);
  });

  it('returns what the function shapes otherwise in that shape', () => {
    const call = replayed(
      ({ x, w }: NamedTensorMap) => ({
        y: reshape(scaled({ x: x as Tensor, w: w as Tensor }, { factor: 1 }), [2, 2]),
      }),
      [],
    );
    tidy(() => {
      for (let i = 0; i < 5; i++) {
        const { y } = call({ x: tensor1d([1, 2, 3, i]), w: tensor1d([1, 1, 1, 2]) });
        expect(y?.shape).toEqual([2, 2]);
        expect([...(y as Tensor).dataSync()]).toEqual([1, 2, 3, 2 * i]);
      }
    });
  });

  it('leaves to the function what is no tensor', () => {
    const call = replayed(
      ({ x, w }: { x?: Tensor; w?: Tensor }) => ({
        y: scaled({ x: x as Tensor, w: w ?? (x as Tensor) }, { factor: 1 }),
      }),
      [],
    ) as (inputs: object) => NamedTensorMap;
    tidy(() => {
      for (let i = 0; i < 5; i++) {
        expect(numbers(call({ x: tensor1d([i, 2]), w: undefined }))).toEqual([[i * i, 4]]);
      }
    });
  });

  it('forgets shapes when there are too many, and stays right', () => {
    const call = replayed(
      ({ x, w }: NamedTensorMap) => ({
        y: scaled({ x: x as Tensor, w: w as Tensor }, { factor: 2 }),
      }),
      [],
    );
    for (let round = 0; round < 3; round++) {
      for (let size = 1; size <= 130; size++) {
        const y = tidy(() => {
          const [x, w] = [tensor1d(Array(size).fill(round)), tensor1d(Array(size).fill(3))];
          return numbers(call({ x, w }));
        });
        expect(y).toEqual([Array(size).fill(6 * round)]);
      }
    }
  });

  it('takes two inputs with the same numbers for what they are', () => {
    const call = replayed(
      ({ x, w }: NamedTensorMap) => ({
        y: scaled({ x: x as Tensor, w: w as Tensor }, { factor: 1 }),
      }),
      [],
    );
    tidy(() => {
      for (let i = 0; i < 3; i++) {
        const x = tensor1d([2, 3]);
        expect(numbers(call({ x, w: x }))).toEqual([[4, 9]]);
      }
      for (let i = 0; i < 4; i++) {
        const [x, w] = [tensor1d([2, 3]), tensor1d([5, i])];
        expect(numbers(call({ x, w }))).toEqual([[10, 3 * i]]);
      }
    });
  });

  it('runs the function where the kernels are others, or gone', () => {
    const w = weight([1, 2]);
    const { seen, call } = lossOf(w);
    for (let i = 0; i < 3; i++) callWith(call, [i, 1]);
    unregisterKernel('TestSquares', 'cpu');
    const before = ran;
    expect(callWith(call, [1, 1])).toEqual(expected([1, 1], [1, 2]));
    expect(ran - before).toBe(2);
    register('TestSquares', ({ x }) => [[(x as Float32Array).reduce((a, v) => a + v * v, 1)]]);
    expect(callWith(call, [1, 1])[0]?.[0]).toBe(46);
    expect(seen.runs).toBeGreaterThan(3);
    w.dispose();
  });

  it('runs the function where a tape is on, where numbers are checked, and for tensors that are gone', () => {
    const w = weight([1, 2]);
    const call = replayed(
      ({ x }: NamedTensorMap) => ({
        y: squares({ x: scaled({ x: x as Tensor, w }, { factor: 3 }) }, {}),
      }),
      [w],
    );
    for (let i = 0; i < 3; i++) callWith(call, [i, 1]);
    tidy(() => {
      const { grads } = variableGrads(() => call({ x: tensor1d([1, 1]) })['y'] as Scalar, [w]);
      expect([...(grads[w.name] as Tensor).dataSync()]).toEqual([18, 36]);
    });
    setNumericChecks(true);
    expect(callWith(call, [1, 1])).toEqual([[45]]);
    setNumericChecks(false);
    const gone = tensor1d([1, 1]);
    gone.dispose();
    expect(() => call({ x: gone })).toThrow();
    w.dispose();
  });
});
