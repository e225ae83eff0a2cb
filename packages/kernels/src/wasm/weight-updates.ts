import type { NamedTensorMap } from '@tensorflow/tfjs-core';
import { type Call, type Output, sizeOf, type Work } from './call.ts';
import { arePlainNumbers } from './plain-numbers.ts';

type Shapes = Parameters<Work>[1];

const weightNames: string[] = [];
const gradientNames: string[] = [];

/** Made once: a name put together anew is looked up slowly. */
function namesOf(i: number): readonly [weight: string, gradient: string] {
  weightNames[i] ??= `weight${i}`;
  gradientNames[i] ??= `gradient${i}`;
  return [weightNames[i], gradientNames[i]];
}

/** One weight: addresses, and how many numbers it has. */
export interface Update {
  readonly weight: number;
  readonly gradient: number;
  readonly newWeight: number;
  readonly size: number;
  /** Its share of each moment, and where what becomes of it goes. */
  readonly moments: readonly Moment[];
}

export interface Moment {
  readonly old: number;
  readonly next: number;
}

/** Updates weight by weight (see core's `updateByWeight`): the new weights, then the new moments, whole. */
export function updateWeights(
  call: Call,
  shapes: Shapes,
  offsets: readonly number[],
  momentNames: readonly string[],
  update: (weight: Update) => void,
): Output[] {
  const moments = momentNames.map((name) => ({
    old: call.address(name),
    next: call.output(shapes[name] as readonly number[]),
  }));
  const total = sizeOf(shapes[momentNames[0] as string] as readonly number[]);
  let end = 0;
  const keepUpTo = (offset: number): void => {
    if (offset === end) return;
    for (const { old, next } of moments) {
      call.wasm.copyFloats(old + 4 * end, next.address + 4 * end, offset - end);
    }
  };
  const weights = offsets.map((offset, i) => {
    const [weight, gradient] = namesOf(i);
    const shape = shapes[weight] as readonly number[];
    const newWeight = call.output(shape);
    keepUpTo(offset);
    update({
      weight: call.address(weight),
      gradient: call.address(gradient),
      newWeight: newWeight.address,
      size: sizeOf(shape),
      moments: moments.map(({ old, next }) => ({
        old: old + 4 * offset,
        next: next.address + 4 * offset,
      })),
    });
    end = offset + sizeOf(shape);
    return newWeight;
  });
  keepUpTo(total);
  return [...weights, ...moments.map(({ next }) => next)];
}

/** What each gradient is multiplied by, lest all of them together be longer than `clipNorm`. */
export function clipping(
  call: Call,
  shapes: Shapes,
  weights: number,
  clipNorm: number | undefined,
): number {
  if (clipNorm === undefined) return 1;
  let squares = 0;
  for (let i = 0; i < weights; i++) {
    const [, gradient] = namesOf(i);
    const size = sizeOf(shapes[gradient] as readonly number[]);
    squares += call.wasm.sumOfSquares(call.address(gradient), size);
  }
  const norm = Math.sqrt(squares);
  return norm <= clipNorm ? 1 : clipNorm / norm;
}

/** Whether every gradient is of its weight's shape, and every weight has its share of every moment. */
export function canUpdate(
  inputs: NamedTensorMap,
  offsets: readonly number[],
  momentNames: readonly string[],
): boolean {
  const total = inputs[momentNames[0] as string]?.size ?? 0;
  let end = 0;
  return (
    arePlainNumbers(inputs) &&
    momentNames.every((name) => inputs[name]?.rank === 1 && inputs[name].size === total) &&
    offsets.every((offset, i) => {
      const [weightName, gradientName] = namesOf(i);
      const [weight, gradient] = [inputs[weightName], inputs[gradientName]];
      const follows = offset >= end;
      end = offset + (weight?.size ?? 0);
      return (
        follows &&
        end <= total &&
        weight?.rank === gradient?.rank &&
        weight?.shape.every((side, axis) => side === gradient?.shape[axis]) === true
      );
    })
  );
}
