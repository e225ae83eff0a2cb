/**
 * The Associative LSTM of Danihelka et al. 2016 (arXiv 1602.03032) in plain float64 numbers, written from its equations
 * alone: what every implementation is compared with. It imports nothing.
 *
 * B batch, T time, H units, M = H / 2 complex numbers, N heads, S copies. A complex vector is M real parts, then M
 * imaginary parts.
 */

type Vector = readonly number[];
type Matrix = readonly Vector[];

export interface AssociativeLstmOracleInputs {
  /**
   * C x(t) + b, [B][T][(1 + 8N) M], in pieces of M: f; i of each head; o of each head; the real parts of u of each head,
   * of r_i of each head, of r_o of each head; their imaginary parts likewise.
   */
  readonly drive: readonly Matrix[];
  /** W: (h W)_j = Σ_i h_i W_ij, [H][(1 + 8N) M]. */
  readonly recurrentKernel: Matrix;
  /** The state before the first step, [B][H] and [B][S][H]; absent: 0. */
  readonly h?: Matrix;
  readonly c?: readonly Matrix[];
}

export interface AssociativeLstmOracleResult {
  /** h(1) … h(T), [B][T][H]. */
  readonly outputs: number[][][];
  /** The copies of the memory after the last step, [B][S][H]. */
  readonly c: number[][][];
  /** Whether each argument of bound is longer than 1: by sample, then time. */
  readonly bounded: boolean[];
}

interface Complex {
  readonly re: number;
  readonly im: number;
}

const zero: Complex = { re: 0, im: 0 };
const plus = (x: Complex, y: Complex): Complex => ({ re: x.re + y.re, im: x.im + y.im });
const times = (x: Complex, y: Complex): Complex => ({
  re: x.re * y.re - x.im * y.im,
  im: x.re * y.im + x.im * y.re,
});
const scaled = (factor: number, { re, im }: Complex): Complex => ({
  re: factor * re,
  im: factor * im,
});
const total = (values: readonly Complex[]): Complex => values.reduce(plus, zero);

const sigma = (x: number): number => 1 / (1 + Math.exp(-x));

const toComplex = (v: Vector): Complex[] =>
  v.slice(0, v.length / 2).map((re, m) => ({ re, im: at(v, v.length / 2 + m) }));
const toReal = (v: readonly Complex[]): number[] => [
  ...v.map(({ re }) => re),
  ...v.map(({ im }) => im),
];

/** (P_s r)[m] = r[permutations[s][m]]. */
export function associativeLstmOracle(
  inputs: AssociativeLstmOracleInputs,
  heads: number,
  permutations: Matrix,
): AssociativeLstmOracleResult {
  const bounded: boolean[] = [];
  const samples = inputs.drive.map((steps, b) => {
    const units = inputs.recurrentKernel.length;
    let h = inputs.h?.[b] ?? new Array<number>(units).fill(0);
    let c = permutations.map((_, s) =>
      toComplex(inputs.c?.[b]?.[s] ?? new Array<number>(units).fill(0)),
    );
    const outputs = steps.map((x) => {
      const sums = x.map((value, j) =>
        h.reduce((sum, h_i, i) => sum + h_i * at(at(inputs.recurrentKernel, i), j), value),
      );
      [h, c] = step(sums, c, heads, permutations, bounded);
      return [...h];
    });
    return { outputs, c: c.map(toReal) };
  });
  return {
    outputs: samples.map(({ outputs }) => outputs),
    c: samples.map(({ c }) => c),
    bounded,
  };
}

/** One step of one sample; what it bounds is noted. */
function step(
  sums: Vector,
  memory: readonly Complex[][],
  heads: number,
  permutations: Matrix,
  bounded: boolean[],
): [h: number[], c: Complex[][]] {
  const size = sums.length / (1 + 8 * heads);
  const piece = (index: number): Vector => sums.slice(index * size, (index + 1) * size);
  const bound = (z: Complex): Complex => {
    const length = Math.hypot(z.re, z.im);
    bounded.push(length > 1);
    return scaled(1 / Math.max(1, length), z);
  };
  const vector = (kind: number, head: number): Complex[] => {
    const real = piece(1 + (2 + kind) * heads + head);
    const imaginary = piece(1 + (5 + kind) * heads + head);
    return real.map((re, m) => bound({ re, im: at(imaginary, m) }));
  };
  const all = Array.from({ length: heads }, (_, head) => ({
    i: piece(1 + head).map(sigma),
    o: piece(1 + heads + head).map(sigma),
    u: vector(0, head),
    input: vector(1, head),
    output: vector(2, head),
  }));
  const f = piece(0).map(sigma);

  const c = memory.map((old, s) =>
    old.map((c_m, m) => {
      const key = at(at(permutations, s), m);
      const written = all.map(({ i, u, input }) =>
        times(at(input, key), scaled(at(i, m), at(u, m))),
      );
      return plus(scaled(at(f, m), c_m), total(written));
    }),
  );
  const h = f.map((_, m) =>
    total(
      all.map(({ o, output }) => {
        const read = c.map((copy, s) => times(at(output, at(at(permutations, s), m)), at(copy, m)));
        return scaled(at(o, m), bound(scaled(1 / c.length, total(read))));
      }),
    ),
  );
  return [toReal(h), c];
}

function at<X>(values: readonly X[], index: number): X {
  const value = values[index];
  if (value === undefined) {
    throw new Error(
      `associativeLstmOracle: index ${index} is outside a length of ${values.length}`,
    );
  }
  return value;
}
