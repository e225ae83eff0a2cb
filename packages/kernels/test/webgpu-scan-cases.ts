import {
  type Control,
  controlBits,
  type FastWeightsScanAttrs,
  fastWeightsScan,
  integer,
  type LayerNormPlace,
  random,
  splitSeed,
  uniform,
} from '@fastweights/core';
import type { Numbers, OpCall } from './webgpu-compare.ts';

const { read, write, wipe, integrate, hold } = controlBits;

/** Control bits of the paper's Figure 3, over and over. */
const GLIMPSES = [write | wipe, 0, 0, 0, 0, read | integrate];

const NORMS: Readonly<Record<string, readonly LayerNormPlace[]>> = {
  none: [],
  inner: ['inner'],
  all: ['inner', 'preliminary', 'plain'],
  other: ['plain', 'preliminary'],
};

export interface ScanCase {
  readonly H: number;
  readonly T: number;
  readonly B: number;
  readonly S: number;
  readonly norm: string;
  readonly settling: 'sustained' | 'free';
  readonly memory: 'attention' | 'matrix';
  readonly state: 'none' | 'h' | 'memory';
  readonly control: 'always' | 'glimpses' | 'padded' | 'own';
  readonly extra: 'none' | 'window' | 'inner' | 'forgetful' | 'lambda0';
}

/** Numbers from −size to size that are the same every time. */
export function draw(name: string, shape: readonly number[], size = 1): Numbers {
  const stream = random(splitSeed(3, name));
  const length = shape.reduce((product, side) => product * side, 1);
  return { values: Float32Array.from({ length }, () => uniform(stream, -size, size)), shape };
}

export function scanCall(c: ScanCase): OpCall {
  const attrs = attrsOf(c);
  return {
    kernelName: 'FastWeightsScan',
    inputs: inputsOf(c),
    run: (inputs) => fastWeightsScan(inputs as never, attrs),
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

function inputsOf({ B, T, H, norm, state, memory, extra }: ScanCase): Record<string, Numbers> {
  const slow = 1 / Math.sqrt(H);
  return {
    drive: draw('drive', [B, T, H]),
    recurrentKernel: draw('W', [H, H], slow),
    integrationKernel: draw('Wint', [H, H], slow),
    ...(norm !== 'none' && { gain: draw('gain', [H]), bias: draw('bias', [H]) }),
    ...(extra === 'inner' && { innerKernel: draw('U', [H, H], slow) }),
    ...(state !== 'none' && { h: draw('h', [B, H]) }),
    ...(state === 'memory' && memory === 'matrix' && { A: draw('A', [B, H, H], slow) }),
    ...(state === 'memory' &&
      memory === 'attention' && {
        past: draw('past', [3, B, H], slow),
        weights: draw('weights', [3, B]),
      }),
  };
}

function attrsOf(c: ScanCase): FastWeightsScanAttrs {
  // Without a layer norm in the inner loop, strong writes grow beyond all bounds.
  const rate = NORMS[c.norm]?.includes('inner') ? 0.5 : 0.1 / c.H;
  const control = controlOf(c);
  return {
    decayRate: c.extra === 'lambda0' ? 0 : 0.9,
    learningRate: c.extra === 'forgetful' ? 0 : rate,
    innerSteps: c.S,
    layerNorm: NORMS[c.norm] as readonly LayerNormPlace[],
    settling: c.settling,
    memory: c.memory,
    ...(c.extra === 'window' && c.memory === 'attention' && { window: 2 }),
    ...(control && { control }),
  };
}
