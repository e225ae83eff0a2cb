import { uniformFloat32 } from 'pure-rand/distribution/uniformFloat32';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { JumpableRandomGenerator } from 'pure-rand/types/JumpableRandomGenerator';
import { checkInteger } from './checks.ts';

/** A stream of random numbers; `jump()` moves it 2⁶⁴ numbers on, to a stream that never meets the old one. */
export type Random = JumpableRandomGenerator;

/** FNV-1a over the text, then murmur3's finaliser, so that neighbouring seeds have nothing in common. */
function hash(text: string): number {
  let x = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) x = Math.imul(x ^ text.charCodeAt(i), 0x01000193);
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** The seed of a named part of something seeded: the same two arguments always give the same seed. */
export function splitSeed(seed: number, name: string): number {
  checkInteger('seed', seed, 0);
  return hash(`${seed}/${name}`);
}

export function random(seed: number): Random {
  const words = ['a', 'b', 'c', 'd'].map((name) => splitSeed(seed, name) | 0);
  return xoroshiro128plusFromState(words);
}

/** A number from `low` up to, but not including, `high`. */
export function uniform(random: Random, low: number, high: number): number {
  return low + (high - low) * uniformFloat32(random);
}

/** A whole number from 0 up to, but not including, `end`. */
export function integer(random: Random, end: number): number {
  return uniformInt(random, 0, end - 1);
}

/** A draw from the standard normal distribution (Box–Muller). */
export function normal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniformFloat32(random)));
  return radius * Math.cos(2 * Math.PI * uniformFloat32(random));
}

/** The numbers 0 … `size` − 1 in random order (Fisher–Yates). */
export function permutation(random: Random, size: number): Uint32Array {
  const order = Uint32Array.from({ length: size }, (_, i) => i);
  for (let last = size - 1; last > 0; last--) {
    const other = integer(random, last + 1);
    const moved = order[last] as number;
    order[last] = order[other] as number;
    order[other] = moved;
  }
  return order;
}
