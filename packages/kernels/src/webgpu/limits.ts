import type { FusedKernel } from '@fastweights/core';
import { activeLimits, sizeOf } from './backend.ts';

type Supports = NonNullable<FusedKernel['supports']>;

/** Tiles of 16 rows or columns, 65535 of which a dispatch may have along each side. */
const MOST_ROWS = 16 * 65535;

/** A call whose inputs all have numbers in them, few enough for one binding together: they may have to share it. */
export const fits: Supports = (inputs) => {
  const sizes = Object.values(inputs).map(sizeOf);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return (
    sizes.every((size) => size > 0) &&
    Object.values(inputs).every(({ shape }) => shape.every((length) => length <= MOST_ROWS)) &&
    4 * total <= activeLimits().maxStorageBufferBindingSize
  );
};
