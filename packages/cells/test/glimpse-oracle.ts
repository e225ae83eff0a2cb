/**
 * The multi-level glimpse model of Ba et al. 2016, Figure 3, in plain float64 numbers: the six points of its regions, one
 * after the other, written from the paper and not from the scan. A is the explicit matrix of eq. 1.
 *
 * H units. C: [inputs][H], W and W_int: [H][H]; all multiply from the right, A from the left.
 */

type Vector = readonly number[];
type Matrix = readonly Vector[];

export interface GlimpseOracleWeights {
  readonly kernel: Matrix;
  readonly recurrentKernel: Matrix;
  /** Absent where W serves at the integration too. */
  readonly integrationKernel?: Matrix;
  /** Absent where nothing is normalised. */
  readonly gain?: Vector;
  readonly bias?: Vector;
}

export interface GlimpseOracleOptions {
  readonly decayRate: number;
  readonly learningRate: number;
  readonly wipe?: boolean;
  readonly storeEvery?: boolean;
  readonly secondLook?: boolean;
  /** Layer norm on steps that do not read, besides that of the integration. */
  readonly plainNorm?: boolean;
}

export interface GlimpseOracleResult {
  /** One for each of the six glimpses of each region: [T][H]. Where no second look is taken, the state as it stays. */
  readonly outputs: number[][];
  /** A after each of the glimpses: [T][H][H]. */
  readonly matrices: number[][][];
  /** Every argument of f that something depends on. */
  readonly preActivations: number[];
}

/** One image: its glimpses, six for each region. */
export function glimpseOracle(
  glimpses: Matrix,
  {
    kernel,
    recurrentKernel,
    integrationKernel = recurrentKernel,
    gain,
    bias,
  }: GlimpseOracleWeights,
  { wipe = true, storeEvery = false, secondLook = true, ...options }: GlimpseOracleOptions,
): GlimpseOracleResult {
  const units = recurrentKernel.length;
  const outputs: number[][] = [];
  const matrices: number[][][] = [];
  const preActivations: number[] = [];
  const f = (a: number[]): number[] => {
    preActivations.push(...a);
    return a.map((value) => Math.max(0, value));
  };
  const LN = (a: number[]): number[] => (gain && bias ? layerNorm(a, gain, bias) : a);
  const C = (x: Vector): number[] => rowTimes(x, kernel);

  let h = new Array<number>(units).fill(0);
  let A = h.map(() => new Array<number>(units).fill(0));

  const plain = (x: Vector): number[] => {
    const boundary = plus(rowTimes(h, recurrentKernel), C(x));
    return f(options.plainNorm ? LN(boundary) : boundary);
  };
  const integrate = (x: Vector): number[] => {
    const h0 = f(C(x));
    const recalled = A.map((row) => dot(row, h0));
    return f(LN(plus(plus(rowTimes(h, integrationKernel), C(x)), recalled)));
  };
  const store = (): void => {
    A = A.map((row, i) =>
      row.map(
        (a, j) =>
          options.decayRate * a + options.learningRate * (h[i] as number) * (h[j] as number),
      ),
    );
  };
  const seen = (): void => {
    outputs.push(h);
    matrices.push(A);
  };

  for (let first = 0; first < glimpses.length; first += 6) {
    const [coarse, fine1, fine2, fine3, fine4, again] = glimpses.slice(first, first + 6) as [
      Vector,
      Vector,
      Vector,
      Vector,
      Vector,
      Vector,
    ];
    // 1. The region, seen coarsely. 2. Store, and wipe.
    h = plain(coarse);
    store();
    seen();
    if (wipe) h = h.map(() => 0);
    // 3. Its four parts; A is not read.
    for (const fine of [fine1, fine2, fine3]) {
      h = plain(fine);
      if (storeEvery) store();
      seen();
    }
    h = secondLook ? plain(fine4) : integrate(fine4);
    if (storeEvery) store();
    seen();
    // 4. and 5. The region again, integrated with its parts and with what was stored.
    if (secondLook) {
      h = integrate(again);
      if (storeEvery) store();
    }
    seen();
  }
  return { outputs, matrices, preActivations };
}

function layerNorm(a: Vector, gain: Vector, bias: Vector): number[] {
  const mean = a.reduce((total, x) => total + x, 0) / a.length;
  const variance = a.reduce((total, x) => total + (x - mean) ** 2, 0) / a.length;
  return a.map(
    (x, i) => ((x - mean) / Math.sqrt(variance + 1e-5)) * (gain[i] as number) + (bias[i] as number),
  );
}

function rowTimes(row: Vector, matrix: Matrix): number[] {
  return (matrix[0] as Vector).map((_, j) =>
    row.reduce((total, x, i) => total + x * (matrix[i]?.[j] as number), 0),
  );
}

function plus(a: Vector, b: Vector): number[] {
  return a.map((x, i) => x + (b[i] as number));
}

function dot(a: Vector, b: Vector): number {
  return a.reduce((total, x, i) => total + x * (b[i] as number), 0);
}
