/**
 * The fast weights layer of Ba et al. 2016 (arXiv 1610.06258) in plain float64 numbers, written
 * from the equations alone: what every implementation is compared with. It imports nothing, and
 * keeps A as the explicit matrix of eq. 1, never the attention form of eq. 4.
 *
 * B batch, T time, H units, S inner steps, M carried writes.
 * h, y, drive_t: [H]. A, W: [H, H]. drive_t is C x(t) plus the bias, computed by the caller.
 * Slow weights multiply from the right, (h W)_j = Σ_i h_i W_ij; the memory from the left,
 * (A h)_i = Σ_j A_ij h_j.
 */

/** The control bits of one time step; a step without a control has READ | WRITE. */
const READ = 1;
const WRITE = 2;
const WIPE = 4;
const INTEGRATE = 8;
const HOLD = 16;

const EPSILON = 1e-5;

type Vector = readonly number[];
type Matrix = readonly Vector[];
type Place = 'inner' | 'preliminary' | 'plain';

export interface FastWeightsOracleInputs {
  /** C x(t) + bias, [B][T][H]. */
  readonly drive: readonly Matrix[];
  /** W, [H][H]. */
  readonly recurrentKernel: Matrix;
  /** W_int, in the place of W on INTEGRATE steps, [H][H]. */
  readonly integrationKernel?: Matrix;
  /** U: h_s U in the place of A h_s, [H][H]. With it the memory is neither read nor written. */
  readonly innerKernel?: Matrix;
  /** Of every layer norm, [H]; absent: 1. */
  readonly gain?: Vector;
  /** Of every layer norm, [H]; absent: 0. */
  readonly bias?: Vector;
  /** The state before the first step, [B][H]; absent: 0. */
  readonly h?: Matrix;
  /** The memory before the first step, [B][H][H]; absent: 0. Not together with past or a window. */
  readonly A?: readonly Matrix[];
  /** The memory before the first step as its writes, oldest first, [B][M][H]. */
  readonly past?: readonly Matrix[];
  /** A = Σ_j weights_j past_j past_jᵀ, [B][M]. A slot of weight 0 is empty: it is no write. */
  readonly weights?: Matrix;
}

export interface FastWeightsOracleOptions {
  /** λ. */
  readonly decayRate: number;
  /** η. */
  readonly learningRate: number;
  /** S. */
  readonly innerSteps: number;
  readonly settling: 'sustained' | 'free';
  readonly layerNorm: readonly Place[];
  /** The memory holds this many writes of a sample, the latest; absent: all of them. */
  readonly window?: number;
  /** Control bits, [1 or B][T]. */
  readonly control?: Matrix;
}

export interface FastWeightsOracleResult {
  /** y, [B][T][H]. */
  readonly outputs: number[][][];
  /** The state after the last step, [B][H]. */
  readonly h: number[][];
  /** The memory after the last step, [B][H][H]. */
  readonly A: number[][][];
  /** [B][T][s][H]: h_0 … h_S of a READ step, [y] of any other. */
  readonly hidden: number[][][][];
  /** [B][T][s][H]: the A h_s (or h_s U) added at s = 0 … S−1 of a READ step, [] for any other. */
  readonly reads: number[][][][];
  /** Every argument of f: by sample, then time, then h_0 … h_S, then unit. A HOLD step has none. */
  readonly preActivations: number[];
}

interface Write {
  readonly strength: number;
  readonly vector: Vector;
}

/** A, and with a window the writes it is the sum of, oldest first. */
interface Memory {
  readonly A: number[][];
  readonly writes: readonly Write[];
}

interface Step {
  readonly y: number[];
  readonly hidden: number[][];
  readonly reads: number[][];
  readonly preActivations: number[];
}

export function fastWeightsOracle(
  inputs: FastWeightsOracleInputs,
  options: FastWeightsOracleOptions,
): FastWeightsOracleResult {
  checkConsistency(inputs, options);
  const samples = inputs.drive.map((_, b) => runSample(b, inputs, options));
  return {
    outputs: samples.map(({ steps }) => steps.map((step) => step.y)),
    h: samples.map(({ h }) => h),
    A: samples.map(({ A }) => A),
    hidden: samples.map(({ steps }) => steps.map((step) => step.hidden)),
    reads: samples.map(({ steps }) => steps.map((step) => step.reads)),
    preActivations: samples.flatMap(({ steps }) => steps.flatMap((step) => step.preActivations)),
  };
}

function runSample(
  b: number,
  inputs: FastWeightsOracleInputs,
  options: FastWeightsOracleOptions,
): { steps: Step[]; h: number[]; A: number[][] } {
  const units = inputs.recurrentKernel.length;
  const control = controlOf(b, inputs, options);
  let h = inputs.h ? [...at(inputs.h, b)] : zeros(units);
  let memory = initialMemory(b, inputs, options);

  const steps = zip(at(inputs.drive, b), control, (drive, bits): Step => {
    if (bits & HOLD) return { y: h, hidden: [h], reads: [], preActivations: [] };
    const step = computeStep(drive, bits, h, memory.A, inputs, options);
    if (bits & WRITE && !inputs.innerKernel) memory = write(memory, step.y, options);
    h = bits & WIPE ? zeros(units) : step.y;
    return step;
  });
  return { steps, h, A: memory.A };
}

/**
 * y = h(t+1) from h = h(t) and A = A(t).
 *
 *     boundary = W h(t) + C x(t)             W_int in W's place on an INTEGRATE step
 *     without READ:  y = f(N[boundary])
 *     h_0     = f(N[boundary])               sustained INTEGRATE step: f(N[C x(t)])
 *     h_{s+1} = f(N[boundary + A(t) h_s])    eq. 2; eq. 5 with layer norm inside
 *     h_{s+1} = f(N[(A(t) + I) h_s])         free settling, appendix B
 *     y       = h_S
 */
function computeStep(
  drive: Vector,
  bits: number,
  h: Vector,
  A: Matrix,
  inputs: FastWeightsOracleInputs,
  { innerSteps, settling, layerNorm }: FastWeightsOracleOptions,
): Step {
  const { recurrentKernel, integrationKernel = [], innerKernel, gain, bias } = inputs;
  const preActivations: number[] = [];
  const f = (a: Vector): number[] => {
    preActivations.push(...a);
    return a.map((value) => Math.max(0, value));
  };
  const N = (place: Place, a: Vector): Vector =>
    layerNorm.includes(place) ? normalise(a, gain, bias) : a;

  const slow = bits & INTEGRATE ? integrationKernel : recurrentKernel;
  const boundary = add(drive, vectorTimesMatrix(h, slow));
  if (!(bits & READ)) {
    const y = f(N('plain', boundary));
    return { y, hidden: [y], reads: [], preActivations };
  }

  const onDriveAlone = bits & INTEGRATE && settling === 'sustained';
  let h_s = f(N('preliminary', onDriveAlone ? drive : boundary));
  const hidden = [h_s];
  const reads: number[][] = [];
  for (let s = 0; s < innerSteps; s++) {
    const read = innerKernel ? vectorTimesMatrix(h_s, innerKernel) : matrixTimesVector(A, h_s);
    h_s = f(N('inner', add(settling === 'sustained' ? boundary : h_s, read)));
    reads.push(read);
    hidden.push(h_s);
  }
  return { y: h_s, hidden, reads, preActivations };
}

/** A(t) = λ A(t−1) + η h(t) h(t)ᵀ (eq. 1); with a window, the same less the writes that fell out. */
function write(memory: Memory, y: Vector, options: FastWeightsOracleOptions): Memory {
  const { decayRate, learningRate, window } = options;
  if (window === undefined) {
    const A = memory.A.map((row) => row.map((a_ij) => decayRate * a_ij));
    addOuterProduct(A, learningRate, y);
    return { A, writes: [] };
  }
  const older = memory.writes.map(({ strength, vector }) => ({
    strength: decayRate * strength,
    vector,
  }));
  const writes = [...older, { strength: learningRate, vector: y }].slice(-window);
  return { A: sumOf(writes, y.length), writes };
}

function initialMemory(
  b: number,
  { recurrentKernel, A, past, weights }: FastWeightsOracleInputs,
  { window }: FastWeightsOracleOptions,
): Memory {
  const units = recurrentKernel.length;
  if (A) return { A: at(A, b).map((row) => [...row]), writes: [] };
  if (!past || !weights) return { A: sumOf([], units), writes: [] };

  const slots = zip(at(weights, b), at(past, b), (strength, vector) => ({ strength, vector }));
  const carried = slots.filter(({ strength }) => strength !== 0);
  const writes = window === undefined ? carried : carried.slice(-window);
  return { A: sumOf(writes, units), writes };
}

/** A = Σ_j strength_j v_j v_jᵀ. */
function sumOf(writes: readonly Write[], units: number): number[][] {
  const A = zeros(units).map(() => zeros(units));
  for (const { strength, vector } of writes) addOuterProduct(A, strength, vector);
  return A;
}

/** A += strength · v vᵀ, in place. */
function addOuterProduct(A: number[][], strength: number, v: Vector): void {
  zip(A, v, (row, v_i) => accumulate(row, strength * v_i, v));
}

function controlOf(
  b: number,
  { drive }: FastWeightsOracleInputs,
  { control }: FastWeightsOracleOptions,
): Vector {
  if (!control) return at(drive, b).map(() => READ | WRITE);
  return at(control, control.length === 1 ? 0 : b);
}

/** Layer norm over the units of one vector, with the population variance. */
function normalise(
  a: Vector,
  gain: Vector = a.map(() => 1),
  bias: Vector = zeros(a.length),
): number[] {
  const mean = sum(a) / a.length;
  const deviation = a.map((value) => value - mean);
  const variance = dot(deviation, deviation) / a.length;
  const scaled = zip(deviation, gain, (d, g) => (g * d) / Math.sqrt(variance + EPSILON));
  return add(scaled, bias);
}

/** What would give a number without meaning; the lengths are checked where they meet. */
function checkConsistency(
  inputs: FastWeightsOracleInputs,
  { window, control }: FastWeightsOracleOptions,
): void {
  const { drive, integrationKernel, A, past, weights } = inputs;
  const problems = [
    A && past && 'A and past are both given: carry one of them',
    A && window !== undefined && 'a window needs the writes: carry past and weights, not A',
    !past !== !weights && 'past and weights belong together',
    window !== undefined &&
      !(Number.isInteger(window) && window >= 1) &&
      `window ${window} is not a positive number of writes`,
    control &&
      ![1, drive.length].includes(control.length) &&
      'control is neither [1][T] nor [B][T]',
    control?.flat().some((bits) => bits & INTEGRATE && !(bits & HOLD)) &&
      !integrationKernel &&
      'an INTEGRATE step needs the integrationKernel',
  ];
  const problem = problems.find((found) => typeof found === 'string');
  if (problem) throw new Error(`fastWeightsOracle: ${problem}`);
}

function vectorTimesMatrix(vector: Vector, matrix: Matrix): number[] {
  const product = zeros(matrix.length);
  zip(vector, matrix, (v_i, row) => accumulate(product, v_i, row));
  return product;
}

function matrixTimesVector(matrix: Matrix, vector: Vector): number[] {
  return matrix.map((row) => dot(row, vector));
}

/** total += scale · vector, in place. */
function accumulate(total: number[], scale: number, vector: Vector): void {
  checkLengths(total, vector);
  for (let i = 0; i < total.length; i++) {
    total[i] = (total[i] as number) + scale * (vector[i] as number);
  }
}

function dot(a: Vector, b: Vector): number {
  checkLengths(a, b);
  let total = 0;
  for (let i = 0; i < a.length; i++) total += (a[i] as number) * (b[i] as number);
  return total;
}

function add(a: Vector, b: Vector): number[] {
  return zip(a, b, (a_i, b_i) => a_i + b_i);
}

function sum(values: Vector): number {
  return values.reduce((total, value) => total + value, 0);
}

function zeros(length: number): number[] {
  return new Array<number>(length).fill(0);
}

function zip<X, Y, Z>(xs: readonly X[], ys: readonly Y[], combine: (x: X, y: Y) => Z): Z[] {
  checkLengths(xs, ys);
  return xs.map((x, index) => combine(x, ys[index] as Y));
}

function checkLengths(xs: readonly unknown[], ys: readonly unknown[]): void {
  if (xs.length !== ys.length) {
    throw new Error(`fastWeightsOracle: lengths ${xs.length} and ${ys.length} should be equal`);
  }
}

function at<X>(values: readonly X[], index: number): X {
  const value = values[index];
  if (value === undefined) {
    throw new Error(`fastWeightsOracle: index ${index} is outside a length of ${values.length}`);
  }
  return value;
}
