import {
  type Control,
  controlBits,
  type FastWeightsScanAttrs,
  type FastWeightsScanInputs,
  integer,
  type LayerNormPlace,
  random,
  splitSeed,
  uniform,
} from '@fastweights/core';
import { type Tensor, tensor } from '@tensorflow/tfjs-core';

const { read, write, wipe, integrate, hold } = controlBits;

/** Control bits of the paper's Figure 3, over and over. */
const GLIMPSES = [write | wipe, 0, 0, 0, 0, read | integrate];

const NORMS = {
  none: [],
  inner: ['inner'],
  all: ['inner', 'preliminary', 'plain'],
  others: ['plain', 'preliminary'],
} as const satisfies Record<string, readonly LayerNormPlace[]>;

/** A call of the scan, in words; B batch, T time, H units, S inner steps. */
export interface ScanCase {
  readonly H: number;
  readonly T: number;
  readonly B: number;
  readonly S: number;
  readonly norm: keyof typeof NORMS;
  readonly settling: 'sustained' | 'free';
  readonly memory: 'attention' | 'matrix';
  readonly state: 'none' | 'h' | 'memory';
  readonly control: 'always' | 'glimpses' | 'padded' | 'own';
  readonly extra: 'none' | 'window' | 'inner kernel' | 'η = 0' | 'λ = 0';
  /** Every state, or the last alone. */
  readonly result: 'all' | 'last';
}

export const FACTORS = {
  S: [0, 1, 2, 3],
  norm: ['none', 'inner', 'all', 'others'],
  settling: ['sustained', 'free'],
  memory: ['attention', 'matrix'],
  state: ['none', 'h', 'memory'],
  control: ['always', 'glimpses', 'padded', 'own'],
  extra: ['none', 'window', 'inner kernel', 'η = 0', 'λ = 0'],
  result: ['all', 'last'],
} as const satisfies { [K in keyof ScanCase]?: readonly ScanCase[K][] };

/** A reference in matrix form keeps several [B, T, H, H] for its gradients; beyond this many numbers it takes too long. */
const LARGEST_MATRICES = 5e6;

const matricesFit = ({ H, T, B }: ScanCase): boolean => B * T * H * H <= LARGEST_MATRICES;

/** The case itself, or with attention where a matrix cannot be: it has no window, and may be too large to begin with. */
export function possible(c: ScanCase): ScanCase {
  const cannot = c.extra === 'window' || (c.state === 'memory' && !matricesFit(c));
  return cannot ? { ...c, memory: 'attention' } : c;
}

/** The same case in the form in which the reference can compute it: that the forms agree is core's promise. */
export const asReference = (c: ScanCase): ScanCase =>
  matricesFit(c) ? c : { ...c, memory: 'attention' };

export const nameOf = (c: ScanCase): string =>
  Object.entries(c)
    .map(([k, v]) => `${k} ${v}`)
    .join(', ');

/**
 * Numbers for every input of a case, as tensors of the active backend; each of them changed by about a last bit where
 * `shaken`.
 *
 * Most of the drive is positive and no gain is small, so that several units are active at a time. Where a single one is,
 * a layer norm is a function of its sign alone, whose true gradient is 0: what is computed is rounding, on both sides.
 */
export function inputsOf(
  { B, T, H, norm, state, memory, extra }: ScanCase,
  { seed = 3, shaken = false } = {},
): FastWeightsScanInputs {
  const shocks = random(8);
  const shock = (): number => (shaken ? 1 + (integer(shocks, 2) - 0.5) * 2 ** -22 : 1);
  const draw = (name: string, shape: number[], low: number, high: number): Tensor => {
    const stream = random(splitSeed(seed, name));
    const length = shape.reduce((product, side) => product * side, 1);
    const values = Float32Array.from({ length }, () => uniform(stream, low, high) * shock());
    return tensor(values, shape, 'float32');
  };
  const slow = 1 / Math.sqrt(H);
  const withMatrix = state === 'memory' && memory === 'matrix';
  const withPast = state === 'memory' && memory === 'attention';
  return {
    drive: draw('drive', [B, T, H], -0.5, 1),
    recurrentKernel: draw('W', [H, H], -slow, slow),
    integrationKernel: draw('Wint', [H, H], -slow, slow),
    ...(norm !== 'none' && {
      gain: draw('gain', [H], 0.5, 1.5),
      bias: draw('bias', [H], -0.5, 0.5),
    }),
    ...(extra === 'inner kernel' && { innerKernel: draw('U', [H, H], -slow, slow) }),
    ...(state !== 'none' && { h: draw('h', [B, H], -0.5, 1) }),
    ...(withMatrix && { A: draw('A', [B, H, H], -slow, slow) }),
    ...(withPast && {
      past: draw('past', [3, B, H], -slow, slow),
      weights: draw('weights', [3, B], -1, 1),
    }),
  } as FastWeightsScanInputs;
}

export function attrsOf(c: ScanCase): FastWeightsScanAttrs {
  const control = controlOf(c);
  // Without a layer norm in the inner loop, strong writes grow beyond all bounds, and soonest where states carry themselves.
  const weak = (c.settling === 'free' ? 0.01 : 0.1) / c.H;
  // With one, a state that strong writes outweigh jumps between what it remembers, and rounding grows with every step.
  const strong = c.extra === 'λ = 0' || c.settling === 'free' ? 0.1 : 0.5;
  const learningRate = c.norm === 'inner' || c.norm === 'all' ? strong : weak;
  return {
    decayRate: c.extra === 'λ = 0' ? 0 : 0.9,
    learningRate: c.extra === 'η = 0' ? 0 : learningRate,
    innerSteps: c.S,
    layerNorm: NORMS[c.norm],
    settling: c.settling,
    memory: c.memory,
    ...(c.extra === 'window' && { window: 2 }),
    ...(control && { control }),
  };
}

function controlOf({ control, B, T }: ScanCase): Control | undefined {
  const row = (bits: (t: number) => number): number[] =>
    Array.from({ length: T }, (_, t) => bits(t));
  if (control === 'always') return undefined;
  if (control === 'glimpses') return [row((t) => GLIMPSES[t % 6] as number)];
  if (control === 'padded') {
    return Array.from({ length: B }, (_, b) => row((t) => (t < T - (b % 3) ? read | write : hold)));
  }
  const stream = random(5);
  return Array.from({ length: B }, () => row(() => integer(stream, 32)));
}
