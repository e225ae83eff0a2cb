import type { GlimpseCellOptions } from '../src/index.ts';
import type { GlimpseOracleOptions } from './glimpse-oracle.ts';

// The glimpse cell as it is in the paper, and with each of its pieces taken away.

export const size = { inputSize: 3, units: 6 };
const slow = 3 * 6 + 6 * 6;
const norm = 2 * 6;
const whole = slow + 6 * 6 + norm;

export interface Variant {
  readonly name: string;
  readonly options: Partial<GlimpseCellOptions>;
  readonly oracle: Partial<GlimpseOracleOptions>;
  readonly weightCount: number;
}

export const variants: Variant[] = [
  { name: 'glimpseCell', options: {}, oracle: {}, weightCount: whole },
  { name: 'with a matrix', options: { memory: 'matrix' }, oracle: {}, weightCount: whole },
  { name: 'without a wipe', options: { wipe: false }, oracle: { wipe: false }, weightCount: whole },
  {
    name: 'storing at every step',
    options: { store: 'every' },
    oracle: { storeEvery: true },
    weightCount: whole,
  },
  {
    name: 'storing at every step, without a wipe',
    options: { store: 'every', wipe: false, memory: 'matrix' },
    oracle: { storeEvery: true, wipe: false },
    weightCount: whole,
  },
  {
    name: 'without integration weights',
    options: { integration: false },
    oracle: {},
    weightCount: slow + norm,
  },
  {
    name: 'without a second look',
    options: { secondLook: false },
    oracle: { secondLook: false },
    weightCount: whole,
  },
  {
    name: 'without a second look, storing at every step',
    options: { secondLook: false, store: 'every' },
    oracle: { secondLook: false, storeEvery: true },
    weightCount: whole,
  },
  {
    name: 'without memory',
    options: { learningRate: 0 },
    oracle: { learningRate: 0 },
    weightCount: whole,
  },
  {
    name: 'normalised on plain steps too',
    options: { layerNorm: ['inner', 'plain'] },
    oracle: { plainNorm: true },
    weightCount: whole,
  },
  {
    name: 'without layer norm',
    options: { layerNorm: [], learningRate: 0.05 },
    oracle: { learningRate: 0.05 },
    weightCount: whole - norm,
  },
];
