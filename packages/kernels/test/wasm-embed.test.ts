import { embed } from '@fastweights/core';
import { pairwise } from '@fastweights/testing';
import { type Rank, type Tensor2D, tensor } from '@tensorflow/tfjs-core';
import { describeParity, draw, type ParityCase } from './wasm-parity.ts';

const SIDES = [2, 3, 5, 7, 15, 16, 17, 50, 63, 100, 129] as const;

const shapes = pairwise({ rows: [1, ...SIDES], size: SIDES, width: [1, ...SIDES] });

/** Ids of all kinds: often the same one, and some that are none. */
const idsOf = (rows: number, size: number): Int32Array =>
  Int32Array.from({ length: rows }, (_, i) => ((i * i) % (size + 2)) - 1);

describeParity('FastWeightsEmbed', [
  ...shapes.map(
    ({ rows, size, width }): ParityCase => ({
      name: `${rows} of ${size} rows of ${width}`,
      inputs: () => [draw(1, [size, width])],
      run: (table) => embed(tensor(idsOf(rows, size), [rows], 'int32'), table as Tensor2D),
      second: rows * size * width < 20_000,
    }),
  ),
  {
    name: 'ids of any shape and size',
    inputs: () => [draw(1, [3, 4])],
    run: (table) =>
      embed(
        tensor<Rank.R2>([2, 0, 3, -(2 ** 31), 2 ** 31 - 1, 1], [3, 2], 'int32'),
        table as Tensor2D,
      ),
  },
]);
