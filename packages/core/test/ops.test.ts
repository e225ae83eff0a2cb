import {
  centralDifferences,
  expectClose,
  flatten,
  type Nested,
  unflatten,
} from '@fastweights/testing';
import {
  addN,
  grad,
  grads,
  mul,
  reshape,
  scalar,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tensor2d,
  tensor3d,
} from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { embed, layerNorm, linear, random, softmaxCrossEntropy, uniform } from '../src/index.ts';
import { product } from '../src/ops/product.ts';

const stream = random(11);
const vector = (n: number): number[] => Array.from({ length: n }, () => uniform(stream, -1, 1));
const matrix = (rows: number, columns: number): number[][] =>
  Array.from({ length: rows }, () => vector(columns));

const [x, w, b] = [matrix(4, 3), matrix(3, 5), vector(5)];
const [labels, ids] = [
  [4, 0, 2, 2],
  [1, 3, 3, 0],
];

const times = (a: number[][], m: number[][]): number[][] =>
  a.map((row) => (m[0] ?? []).map((_, j) => row.reduce((s, v, i) => s + v * (m[i]?.[j] ?? 0), 0)));

interface OpCase {
  readonly name: string;
  readonly inputs: Nested[];
  run(...inputs: Tensor[]): Tensor;
  oracle(...inputs: Nested[]): Nested;
}

const cases: OpCase[] = [
  {
    name: 'linear',
    inputs: [x, w, b],
    run: (x, w, b) => linear(x as Tensor2D, w as Tensor2D, b as Tensor1D),
    oracle: (x, w, b) =>
      times(x as number[][], w as number[][]).map((row) =>
        row.map((v, j) => v + ((b as number[])[j] as number)),
      ),
  },
  {
    name: 'linear with relu, without a bias',
    inputs: [x, w],
    run: (x, w) => linear(x as Tensor2D, w as Tensor2D, undefined, 'relu'),
    oracle: (x, w) =>
      times(x as number[][], w as number[][]).map((row) => row.map((v) => Math.max(v, 0))),
  },
  {
    name: 'embed',
    inputs: [x],
    run: (table) => embed(tensor1d(ids, 'int32'), table as Tensor2D),
    oracle: (table) => ids.map((id) => (table as number[][])[id] as number[]),
  },
  {
    name: 'softmaxCrossEntropy',
    inputs: [times(x, w)],
    run: (logits) => softmaxCrossEntropy(logits as Tensor2D, tensor1d(labels, 'int32')),
    oracle: (logits) => {
      const losses = (logits as number[][]).map((row, i) => {
        const total = row.reduce((s, v) => s + Math.exp(v), 0);
        return Math.log(total) - (row[labels[i] as number] as number);
      });
      return [losses.reduce((s, v) => s + v, 0) / losses.length];
    },
  },
  {
    name: 'layerNorm',
    inputs: [matrix(4, 5), vector(5), vector(5)],
    run: (x, gain, bias) => layerNorm(x, gain as Tensor1D, bias as Tensor1D),
    oracle: (x, gain, bias) =>
      (x as number[][]).map((row) => {
        const mean = row.reduce((s, v) => s + v, 0) / row.length;
        const variance = row.reduce((s, v) => s + (v - mean) ** 2, 0) / row.length;
        return row.map(
          (v, i) =>
            ((gain as number[])[i] as number) * ((v - mean) / Math.sqrt(variance + 1e-5)) +
            ((bias as number[])[i] as number),
        );
      }),
  },
];

describe.each(cases)('$name agrees with plain numbers', ({ inputs, run, oracle }) => {
  const tensors = inputs.map((input) =>
    typeof (input as number[])[0] === 'number'
      ? tensor1d(input as number[])
      : tensor2d(input as number[][]),
  );
  const weights = flatten(oracle(...inputs)).map(() => uniform(stream, -1, 1));

  it('in value', () => {
    expectClose(run(...tensors), oracle(...inputs));
  });

  it('in every gradient', () => {
    const gradients = grads((...args: Tensor[]) => {
      const y = run(...args);
      return sum(mul(reshape(y, [-1]), tensor1d(weights)));
    });
    gradients(tensors).forEach((gradient, i) => {
      const loss = (values: number[]) => {
        const moved = inputs.map((input, k) => (k === i ? unflatten(values, input) : input));
        const outputs = flatten(oracle(...moved));
        return {
          value: outputs.reduce((s, v, n) => s + v * (weights[n] as number), 0),
          pattern: outputs.map((v) => v > 0),
        };
      };
      expectClose(
        gradient,
        centralDifferences(loss, flatten(inputs[i] as Nested)),
        {},
        `gradient ${i}`,
      );
    });
  });
});

describe('layerNorm', () => {
  it('normalises each sample alone', () => {
    const [gain, bias] = [tensor1d([1, 1, 1]), tensor1d([0, 0, 0])];
    const alone = layerNorm(tensor2d([[1, 2, 6]]), gain, bias);
    const together = layerNorm(
      tensor2d([
        [1, 2, 6],
        [100, -5, 3],
      ]),
      gain,
      bias,
    );
    expect([...together.dataSync()].slice(0, 3)).toEqual([...alone.dataSync()]);
  });
});

describe('linear with relu', () => {
  it('passes NaN on, also one that arithmetic made', () => {
    const infinite = tensor2d([[Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]]);
    const y = linear(infinite, tensor2d([[1], [-1]]), undefined, 'relu');
    expect(y.dataSync()[0]).toBeNaN();
    expect(() => linear(infinite, tensor2d([[1], [1]]), undefined, 'Relu' as 'relu')).toThrow(
      /^activation/,
    );
  });
});

describe('product', () => {
  it('has second derivatives', () => {
    const [a, m] = [tensor2d(x), tensor2d(w)];
    // |a m|² has the gradient 2 a m mᵀ in a; the squared norm of that is differentiated once more.
    const squaredGradient = (a: number[][]): number => {
      const y = times(a, w);
      const transposed = (w[0] ?? []).map((_, j) => w.map((row) => row[j] as number));
      return flatten(times(y, transposed)).reduce((s, v) => s + 4 * v * v, 0);
    };
    const second = grads((a: Tensor, m: Tensor) => {
      const first = grads((a: Tensor) => {
        const y = product(a as Tensor2D, m as Tensor2D);
        return sum(mul(y, y));
      })([a])[0] as Tensor;
      return addN([sum(mul(first, first))]);
    })([a, m]);
    const loss = (values: number[]) => ({
      value: squaredGradient(unflatten<Nested>(values, x) as number[][]),
      pattern: [],
    });
    expectClose(second[0] as Tensor, centralDifferences(loss, flatten(x)));
  });
});

describe('softmaxCrossEntropy', () => {
  it('is NaN for a label that is none, and refuses labels that do not match', () => {
    const logits = tensor2d([
      [0, 0],
      [0, 0],
    ]);
    expect(softmaxCrossEntropy(logits, tensor1d([0, 2], 'int32')).dataSync()[0]).toBeNaN();
    expect(softmaxCrossEntropy(logits, tensor1d([-1, 1], 'int32')).dataSync()[0]).toBeNaN();
    expect(() => softmaxCrossEntropy(logits, tensor1d([0], 'int32'))).toThrow(
      /^labels .*\[2\].*\[1\]/,
    );
    expect(() => softmaxCrossEntropy(logits, tensor1d([0, 1]))).toThrow(/^labels .*int32/);
  });

  it('stays finite for extreme scores', () => {
    const loss = softmaxCrossEntropy(tensor2d([[1000, -1000]]), tensor1d([1], 'int32'));
    expect(loss.dataSync()[0]).toBe(2000);
  });
});

describe('embed', () => {
  it('takes ids of any shape, and gives zeros for those that are none', () => {
    const table = tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);
    expect(embed(scalar(2, 'int32'), table).arraySync()).toEqual([5, 6]);
    const ids = tensor3d([2, 0, -1, 3, 1, 1], [1, 3, 2], 'int32');
    expect(embed(ids, table).arraySync()).toEqual([
      [
        [
          [5, 6],
          [1, 2],
        ],
        [
          [0, 0],
          [0, 0],
        ],
        [
          [3, 4],
          [3, 4],
        ],
      ],
    ]);
    const gradient = grad((t) => sum(embed(ids, t as Tensor2D)))(table);
    expect(gradient.arraySync()).toEqual([
      [1, 1],
      [2, 2],
      [1, 1],
    ]);
  });
});
