import {
  add,
  concat,
  div,
  expandDims,
  maximum,
  mul,
  reshape,
  sigmoid,
  slice,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tensor2d,
  zeros,
} from '@tensorflow/tfjs-core';
import { checkInteger, checkShape } from '../checks.ts';
import { OptionError, ShapeError } from '../errors.ts';
import { fusable } from '../fusable.ts';
import { joinSteps, splitSteps } from '../time-steps.ts';
import { product } from './product.ts';
import { stepOf } from './step-of.ts';

// B batch, T time, H units, M = H / 2 complex numbers, N heads, S copies of the memory. A complex vector is its real
// parts, then its imaginary parts.

export type AssociativeLstmScanInputs = {
  /**
   * C x(t) + b, `[batch, time, (1 + 8 · heads) · units / 2]`: what becomes gates, f, then i and o of each head; what
   * becomes complex vectors, u, r_i and r_o of each head, the real parts of all, then the imaginary parts of all.
   */
  readonly drive: Tensor3D;
  /** `[units, (1 + 8 · heads) · units / 2]` */
  readonly recurrentKernel: Tensor2D;
  /** h(0) `[batch, units]` and c(0) `[batch, copies, units]`; zero where absent. */
  readonly h?: Tensor2D | undefined;
  readonly c?: Tensor3D | undefined;
};

export type AssociativeLstmScanAttrs = {
  /** How many pairs are written, and how many reads are made, at every step. */
  readonly heads: number;
  /** A list for each copy of the memory: (P_s r)[m] = r[permutations[s][m]], with `units / 2` indices. */
  readonly permutations: readonly (readonly number[])[];
};

const differentiable = ['drive', 'recurrentKernel', 'h', 'c'] as const;

const run = fusable<AssociativeLstmScanInputs, AssociativeLstmScanAttrs, Tensor3D>({
  kernelName: 'FastWeightsAssociativeLstmScan',
  differentiable,
  reference,
});

const runToLast = fusable<AssociativeLstmScanInputs, AssociativeLstmScanAttrs, Tensor2D>({
  kernelName: 'FastWeightsAssociativeLstmLastState',
  differentiable,
  reference: (inputs, attrs) => stepOf(run(inputs, attrs), inputs.drive.shape[1] - 1),
});

/**
 * An Associative LSTM (Danihelka, Wayne, Uria, Kalchbrenner and Graves 2016) over a whole sequence: h(1) … h(T), and
 * after them the copies of the memory c_1(T) … c_S(T), `[batch, time + copies, units]`.
 */
export function associativeLstmScan(
  inputs: AssociativeLstmScanInputs,
  attrs: AssociativeLstmScanAttrs,
): Tensor3D {
  check(inputs, attrs);
  return run(inputs, copied(attrs));
}

/** h(T) alone, `[batch, units]`. */
export function associativeLstmLastState(
  inputs: AssociativeLstmScanInputs,
  attrs: AssociativeLstmScanAttrs,
): Tensor2D {
  check(inputs, attrs);
  return runToLast(inputs, copied(attrs));
}

/** The real and the imaginary parts of something, of one shape. */
type Complex = readonly [real: Tensor, imaginary: Tensor];

/**
 *     g_f, g_i, g_o = σ(C x(t) + b + W h(t−1))
 *     u, r_i, r_o = bound(C x(t) + b + W h(t−1))                bound(z) = z / max(1, |z|)
 *     c_s(t) = g_f c_s(t−1) + Σ_heads (P_s r_i) (g_i u)
 *     h(t) = Σ_heads g_o bound(1/S Σ_s (P_s r_o) c_s(t))
 */
function reference(
  { drive, recurrentKernel, h: h0, c: c0 }: AssociativeLstmScanInputs,
  attrs: AssociativeLstmScanAttrs,
): Tensor3D {
  const [units] = recurrentKernel.shape;
  const copies = attrs.permutations.length;
  const permute = permutation(attrs);

  let h = h0;
  let c = halves(c0 ?? zeros([drive.shape[0], copies, units]));
  const outputs = splitSteps(drive).map((x) => {
    const sums = h ? add<Tensor2D>(x, product(h, recurrentKernel)) : x;
    const [f, i, o, u, ri, ro] = parts(sums, attrs.heads, units / 2);
    const written = over(times(permute(ri), widen(scale(u, i), 2)), 1);
    c = plus(scale(c, f), written);
    const read = over(times(permute(ro), widen(c, 1)), 2);
    h = joined(over(scale(bound(scale(read, 1 / copies)), o), 1)) as Tensor2D;
    return h;
  });
  return concat([joinSteps(outputs), joined(c) as Tensor3D], 1);
}

/** f `[B, 1, M]`; i, o `[B, N, M]`; u, r_i, r_o, complex: `[B, N, M]` each. */
function parts(
  sums: Tensor2D,
  N: number,
  M: number,
): [f: Tensor, i: Tensor, o: Tensor, u: Complex, ri: Complex, ro: Complex] {
  const [batchSize] = sums.shape;
  const gateCount = 1 + 2 * N;
  const part = (all: Tensor, first: number, count: number): Tensor =>
    slice(all, [0, first, 0], [batchSize, count, M]);
  const rows = reshape(sums, [batchSize, gateCount + 6 * N, M]);
  const gates = sigmoid(part(rows, 0, gateCount));
  const vectors = bound([part(rows, gateCount, 3 * N), part(rows, gateCount + 3 * N, 3 * N)]);
  const vector = (first: number): Complex => [
    part(vectors[0], first, N),
    part(vectors[1], first, N),
  ];
  return [
    part(gates, 0, 1),
    part(gates, 1, N),
    part(gates, 1 + N, N),
    vector(0),
    vector(N),
    vector(2 * N),
  ];
}

/** z / max(1, |z|). The root is never that of 0, where it has no slope. */
function bound([a, b]: Complex): Complex {
  const size = sqrt(maximum(add(square(a), square(b)), 1));
  return [div(a, size), div(b, size)];
}

/**
 * `[B, N, M]` → P_s r for all copies, `[B, N, S, M]`: a product with ones and zeros, since tfjs's wasm backend has no
 * gradient of `gather`.
 */
function permutation({ permutations }: AssociativeLstmScanAttrs): (r: Complex) => Complex {
  const [copies, size] = [permutations.length, permutations[0]?.length ?? 0];
  const ones = new Float32Array(size * copies * size);
  permutations.flat().forEach((from, to) => {
    ones[from * copies * size + to] = 1;
  });
  const matrix = tensor2d(ones, [size, copies * size]);
  const permute = (r: Tensor): Tensor => {
    const [batchSize, heads] = r.shape as [number, number];
    const all = product(reshape(r, [batchSize * heads, size]), matrix);
    return reshape(all, [batchSize, heads, copies, size]);
  };
  return ([a, b]) => [permute(a), permute(b)];
}

/** `[B, S, H]` → the two halves, `[B, S, M]`. */
function halves(c: Tensor3D): Complex {
  const [batchSize, copies, units] = c.shape;
  const half = (first: number): Tensor => slice(c, [0, 0, first], [batchSize, copies, units / 2]);
  return [half(0), half(units / 2)];
}

function joined([a, b]: Complex): Tensor {
  return concat([a, b], -1);
}

function plus([a, b]: Complex, [c, d]: Complex): Complex {
  return [add(a, c), add(b, d)];
}

function times([a, b]: Complex, [c, d]: Complex): Complex {
  return [sub(mul(a, c), mul(b, d)), add(mul(a, d), mul(b, c))];
}

function scale([a, b]: Complex, by: Tensor | number): Complex {
  return [mul(a, by), mul(b, by)];
}

/** Σ over an axis. */
function over([a, b]: Complex, axis: number): Complex {
  return [sum(a, axis), sum(b, axis)];
}

function widen([a, b]: Complex, axis: number): Complex {
  return [expandDims(a, axis), expandDims(b, axis)];
}

function check(
  { drive, recurrentKernel, h, c }: AssociativeLstmScanInputs,
  { heads, permutations }: AssociativeLstmScanAttrs,
): void {
  checkInteger('heads', heads, 1);
  checkShape('recurrentKernel', recurrentKernel, ['units', '(1 + 8 · heads) · units / 2']);
  const [units] = recurrentKernel.shape;
  if (units % 2 !== 0) {
    const expected = 'a matrix with an even number of rows: a real and an imaginary part of each';
    throw new ShapeError('recurrentKernel', expected, `one with ${units}`);
  }
  const width = ((1 + 8 * heads) * units) / 2;
  checkShape('recurrentKernel', recurrentKernel, [units, width]);
  checkShape('drive', drive, ['batch', 'time', width]);
  const [batchSize] = drive.shape;
  if (drive.size === 0) {
    throw new ShapeError('drive', 'a tensor with something in it', `[${drive.shape}]`);
  }
  checkPermutations(permutations, units / 2);
  if (h) checkShape('h', h, [batchSize, units]);
  if (c) checkShape('c', c, [batchSize, permutations.length, units]);
}

function checkPermutations(permutations: readonly (readonly number[])[], size: number): void {
  const isPermutation = (list: readonly number[]): boolean =>
    list.length === size &&
    new Set(list).size === size &&
    list.every((index) => Number.isInteger(index) && index >= 0 && index < size);
  if (permutations.length > 0 && permutations.every(isPermutation)) return;
  const expected = `one list or more, each with 0 … ${size - 1} in some order`;
  throw new OptionError('permutations', expected, JSON.stringify(permutations));
}

/** The backward reads them again, when the caller's may have changed. */
function copied({ heads, permutations }: AssociativeLstmScanAttrs): AssociativeLstmScanAttrs {
  return { heads, permutations: permutations.map((list) => [...list]) };
}
