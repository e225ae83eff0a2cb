import { describeKernel, expectNoLeaks } from '@fastweights/testing';
import {
  add,
  dispose,
  engine,
  getBackend,
  grad,
  grads,
  type KernelConfig,
  mul,
  registerKernel,
  square,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type TensorInfo,
  tensor1d,
  tensor2d,
  unregisterKernel,
  valueAndGrad,
} from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import { type FusedKernel, fusable } from '../src/fusable.ts';
import { embed } from '../src/ops/embed.ts';
import { linear } from '../src/ops/linear.ts';

// Toy kernels in plain JavaScript prove the seam; real ones have packages of their own.

type Inputs = Parameters<KernelConfig['kernelFunc']>[0]['inputs'];
type Matrix = { values: Float32Array; rows: number; columns: number };

function matrix(info: TensorInfo | undefined): Matrix {
  if (!info) throw new Error('a kernel input is missing');
  const values = engine().backend.readSync(info.dataId) as Float32Array;
  const [rows, columns] = info.shape.length === 2 ? info.shape : [1, info.shape[0]];
  return { values, rows: rows ?? 1, columns: columns ?? 1 };
}

/** Σ_k left(i, k) right(k, j) */
function product(
  rows: number,
  inner: number,
  columns: number,
  left: (i: number, k: number) => number,
  right: (k: number, j: number) => number,
): Float32Array {
  return Float32Array.from({ length: rows * columns }, (_, n) => {
    const [i, j] = [Math.floor(n / columns), n % columns];
    let total = 0;
    for (let k = 0; k < inner; k++) total += left(i, k) * right(k, j);
    return total;
  });
}

const at = (m: Matrix, i: number, j: number): number => m.values[i * m.columns + j] as number;

function linearForward(inputs: Inputs): TensorInfo {
  const [x, w] = [matrix(inputs['x']), matrix(inputs['kernel'])];
  const y = product(
    x.rows,
    x.columns,
    w.columns,
    (i, k) => at(x, i, k),
    (k, j) => at(w, k, j),
  );
  const b = inputs['bias'] ? matrix(inputs['bias']) : undefined;
  return engine().makeTensor(
    y.map((value, n) => value + (b?.values[n % w.columns] ?? 0)),
    [x.rows, w.columns],
    'float32',
  );
}

function linearBackward(inputs: Inputs): TensorInfo[] {
  const [x, w, dy] = [matrix(inputs['x']), matrix(inputs['kernel']), matrix(inputs['dy'])];
  const dx = product(
    x.rows,
    w.columns,
    w.rows,
    (i, k) => at(dy, i, k),
    (k, j) => at(w, j, k),
  );
  const dw = product(
    w.rows,
    x.rows,
    w.columns,
    (i, k) => at(x, k, i),
    (k, j) => at(dy, k, j),
  );
  const gradients = [
    engine().makeTensor(dx, [x.rows, w.rows], 'float32'),
    engine().makeTensor(dw, [w.rows, w.columns], 'float32'),
  ];
  if (inputs['bias']) {
    const db = product(
      1,
      x.rows,
      w.columns,
      () => 1,
      (k, j) => at(dy, k, j),
    );
    gradients.push(engine().makeTensor(db, [w.columns], 'float32'));
  }
  return gradients;
}

const forward: KernelConfig = {
  kernelName: 'FastWeightsLinear',
  backendName: getBackend(),
  kernelFunc: ({ inputs }) => linearForward(inputs),
};
const backward: KernelConfig = {
  kernelName: 'FastWeightsLinearGrad',
  backendName: getBackend(),
  kernelFunc: ({ inputs }) => linearBackward(inputs),
};

const x = tensor2d([1, -2, 3, 0.5, 0, -1], [2, 3]);
const kernel = tensor2d([0.3, -0.1, 0.7, 0.2, -0.5, 0.4], [3, 2]);
const bias = tensor1d([0.1, -0.2]);
const cases = [
  {
    name: 'with a bias',
    inputs: [x, kernel, bias],
    run: (...[a, b, c]: Tensor[]) => linear(a as Tensor2D, b as Tensor2D, c as Tensor1D),
  },
  {
    name: 'without one',
    inputs: [x, kernel],
    run: (...[a, b]: Tensor[]) => linear(a as Tensor2D, b as Tensor2D),
  },
];

describeKernel('a forward kernel alone', { kernels: [forward], cases });
describeKernel('a kernel with its backward', { kernels: [forward, backward], cases });

describe('fusable', () => {
  const kernelName = 'ToySquare';
  const registered: [string, string][] = [];
  const register = (name: string, backendName: string, value: number): void => {
    const kernel: FusedKernel = {
      kernelName: name,
      backendName,
      kernelFunc: ({ inputs }) =>
        engine().makeTensor(Float32Array.of(value), inputs['x']?.shape ?? [], 'float32'),
      supports: (_, { large }) => !large,
    };
    registerKernel(kernel);
    registered.push([name, backendName]);
  };
  afterEach(() => {
    for (const [name, backend] of registered.splice(0)) unregisterKernel(name, backend);
  });
  const toy = fusable<{ x: Tensor1D }, { large: boolean }, Tensor1D>({
    kernelName,
    differentiable: ['x'],
    reference: ({ x }) => square(x),
  });
  const three = tensor1d([3]);
  const value = (large = false): number => toy({ x: three }, { large }).dataSync()[0] as number;

  it('is its reference where there is no kernel', () => {
    expect(value()).toBe(9);
  });

  it('is the kernel where there is one, and only on its backend', () => {
    register(kernelName, 'another-backend', 1);
    expect(value()).toBe(9);
    register(kernelName, getBackend(), 2);
    expect(value()).toBe(2);
  });

  it('is its reference for a call that the kernel declines', () => {
    register(kernelName, getBackend(), 2);
    expect(value(true)).toBe(9);
    expect(value(false)).toBe(2);
  });

  it('takes the backward kernel when there is one, unless a tape is on', () => {
    register(kernelName, getBackend(), 9);
    register(`${kernelName}Grad`, getBackend(), 100);
    const first = grad((x: Tensor) => sum(toy({ x: x as Tensor1D }, { large: false })));
    expect(first(three).dataSync()[0]).toBe(100);
    const second = grad((x: Tensor) => sum(first(x)));
    expect(second(three).dataSync()[0]).toBeCloseTo(2, 6);
  });

  it('has second derivatives where an input plays no part in it', () => {
    const partly = fusable<{ x: Tensor1D; idle: Tensor1D }, { large: boolean }, Tensor1D>({
      kernelName,
      differentiable: ['x', 'idle'],
      reference: ({ x }) => square(x),
    });
    register(kernelName, getBackend(), 9);
    register(`${kernelName}Grad`, getBackend(), 100);
    const firsts = grads((x: Tensor, idle: Tensor) =>
      sum(partly({ x: x as Tensor1D, idle: idle as Tensor1D }, { large: false })),
    );
    const seconds = grads((x: Tensor, idle: Tensor) => {
      const [dx, dIdle] = firsts([x, idle]) as [Tensor, Tensor];
      return sum(add(mul(dx, dx), mul(dIdle, idle)));
    })([three, tensor1d([5])]);
    expect(seconds.map((second) => second.dataSync()[0])).toEqual([24, 0]);
  });

  it('frees what a forward has kept, whether or not its backward runs', async () => {
    const kernelFunc: KernelConfig['kernelFunc'] = ({ inputs, attrs }) => {
      const values = (inputs['x'] as Tensor).dataSync() as Float32Array;
      const y = engine().makeTensor(
        values.map((v) => v * v),
        [1],
        'float32',
      );
      // What a forward keeps may have any shape.
      return attrs?.['keep'] ? [y, tensor2d([[1, 2]])] : y;
    };
    const asked: string[][] = [];
    const gradFunc: KernelConfig['kernelFunc'] = ({ inputs }) => {
      asked.push(Object.keys(inputs));
      return tensor1d([100]);
    };
    registerKernel({ kernelName, backendName: getBackend(), kernelFunc });
    registered.push([kernelName, getBackend()]);
    registerKernel({
      kernelName: `${kernelName}Grad`,
      backendName: getBackend(),
      kernelFunc: gradFunc,
    });
    registered.push([`${kernelName}Grad`, getBackend()]);
    const run = (x: Tensor): Tensor => toy({ x: x as Tensor1D }, { large: false });
    await expectNoLeaks(() => {
      grad((x) => sum(run(x)))(three).dispose();
      // It plays no part: its backward does not run.
      grad((x) => {
        run(x);
        return sum(x);
      })(three).dispose();
      // Nobody asks for a gradient: nothing is kept.
      run(three).dispose();
      dispose(Object.values(valueAndGrad((x) => sum(run(x)))(three)));
    });
    expect(asked).toEqual([
      ['x', 'y', 'dy', 'kept'],
      ['x', 'y', 'dy', 'kept'],
    ]);
  });

  it('goes on after a kernel that throws, with nothing left behind', async () => {
    let broken = true;
    register(`${kernelName}Grad`, getBackend(), 100);
    const kernelFunc: KernelConfig['kernelFunc'] = () => {
      if (broken) throw new Error('out of memory');
      return engine().makeTensor(Float32Array.of(9), [1], 'float32');
    };
    registerKernel({ kernelName, backendName: getBackend(), kernelFunc });
    registered.push([kernelName, getBackend()]);
    const gradient = grad((x) => sum(toy({ x: x as Tensor1D }, { large: false })));
    await expectNoLeaks(() => {
      expect(() => gradient(three)).toThrow('out of memory');
      expect(engine().isTapeOn()).toBe(false);
    });
    broken = false;
    expect(gradient(three).dataSync()[0]).toBe(100);
  });

  it('leaves no tensors behind, with kernels on', async () => {
    registerKernel(forward);
    registered.push([forward.kernelName, forward.backendName]);
    registerKernel(backward);
    registered.push([backward.kernelName, backward.backendName]);
    await expectNoLeaks(() => {
      const gradient = grad((x: Tensor) => sum(linear(x as Tensor2D, kernel, bias)))(x);
      gradient.dispose();
    });
  });
});

describe('an op with ids', () => {
  it('has no gradient for them, and one for its table, with a kernel too', () => {
    const ids = tensor1d([1, 0, 1], 'int32');
    const table = tensor2d([1, 2, 3, 4], [2, 2]);
    const gradient = (): number[] => [
      ...grad((t: Tensor) => sum(embed(ids, t as Tensor2D)))(table).dataSync(),
    ];
    expect(gradient()).toEqual([1, 1, 2, 2]);
    const calls: string[] = [];
    const kernels = [
      ['FastWeightsEmbed', Float32Array.of(3, 4, 1, 2, 3, 4), [3, 2]],
      ['FastWeightsEmbedGrad', Float32Array.of(1, 1, 2, 2), [2, 2]],
    ] as const;
    for (const [kernelName, values, shape] of kernels) {
      const kernelFunc: KernelConfig['kernelFunc'] = ({ inputs }) => {
        calls.push(`${kernelName}(${Object.keys(inputs)})`);
        return engine().makeTensor(values, [...shape], 'float32');
      };
      registerKernel({ kernelName, backendName: getBackend(), kernelFunc });
    }
    try {
      expect(gradient()).toEqual([1, 1, 2, 2]);
      expect(calls).toEqual([
        'FastWeightsEmbed(ids,table)',
        'FastWeightsEmbedGrad(ids,table,y,dy)',
      ]);
    } finally {
      for (const [kernelName] of kernels) unregisterKernel(kernelName, getBackend());
    }
  });
});
