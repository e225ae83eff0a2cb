import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { disposeWeights, saveWeights, type Weights } from '@fastweights/core';
import { scalar, tensor, tidy, type Variable, variable } from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import { adam } from '../src/index.ts';
import { stateOf, temporaryFolder, whileOpen } from './runs-kit.ts';
import { type ReadTensor, readStrictly } from './safetensors-reader.ts';

const folder = temporaryFolder();

const create = (shape: number[], first: number): Variable =>
  tidy(() => {
    const size = shape.reduce((product, n) => product * n, 1);
    return variable(
      tensor(
        Float32Array.from({ length: size }, (_, i) => first + i / 7),
        shape,
      ),
    );
  });

const weights: Weights = {
  cell: { kernel: create([3, 5], 1), 'Ladungsträger "ö"': create([7], -4) },
  scale: tidy(() => variable(scalar(0.1))),
};
afterEach(() => disposeWeights(weights));

const numbersOf = (found: ReadTensor | undefined): number[] => {
  const view = new DataView(Uint8Array.from(found?.bytes ?? []).buffer);
  return Array.from({ length: view.byteLength / 4 }, (_, i) => view.getFloat32(4 * i, true));
};

describe('safetensors of a run', () => {
  it('satisfy a strict reader that is not ours', async () => {
    const optimizer = adam(weights);
    await whileOpen(folder(), async (run) => {
      const saved = await saveWeights(weights);
      await run.saveCheckpoint({
        ...stateOf(1),
        weights: saved,
        optimizer: await optimizer.save(),
        best: { validationError: 1, validationLoss: 1, update: 0, weights: saved },
      });
      const at = path.join(folder(), 'checkpoints', '1-update-1');
      const names = (await readdir(at)).filter((name) => name !== 'state.json').sort();
      expect(names).toHaveLength(3);
      const read = await Promise.all(
        names.map(async (name) => readStrictly(await readFile(path.join(at, name)))),
      );
      const paths = ['cell.Ladungsträger "ö"', 'cell.kernel', 'scale'];
      expect([...(read[0]?.keys() ?? [])].sort()).toEqual(paths);
      expect([...(read[1]?.keys() ?? [])].sort()).toEqual([
        ...['mean', 'square'].flatMap((name) => paths.map((own) => `${name}.${own}`)),
        'updates',
      ]);
      await run.finish({}, saved);
    });
    optimizer.dispose();
    const tensors = readStrictly(await readFile(path.join(folder(), 'weights.safetensors')));
    const kernel = tensors.get('cell.kernel');
    expect(kernel).toMatchObject({ dtype: 'F32', shape: [3, 5] });
    expect(numbersOf(kernel)).toEqual(Array.from({ length: 15 }, (_, i) => Math.fround(1 + i / 7)));
    expect(tensors.get('scale')).toMatchObject({ dtype: 'F32', shape: [] });
    expect(numbersOf(tensors.get('scale'))).toEqual([Math.fround(0.1)]);
  });

  it('would not, had they a hole or a byte too many', () => {
    const make = (header: object, bytes: number): Uint8Array => {
      const json = new TextEncoder().encode(JSON.stringify(header));
      const padded = Math.ceil(json.length / 8) * 8;
      const file = new Uint8Array(8 + padded + bytes);
      new DataView(file.buffer).setBigUint64(0, BigInt(padded), true);
      file.fill(32, 8, 8 + padded).set(json, 8);
      return file;
    };
    const entry = (from: number, to: number) => ({
      dtype: 'F32',
      shape: [(to - from) / 4],
      data_offsets: [from, to],
    });
    expect(readStrictly(make({ a: entry(0, 4), b: entry(4, 12) }, 12)).size).toBe(2);
    expect(() => readStrictly(make({ a: entry(0, 4), b: entry(8, 12) }, 12))).toThrow(
      'right after',
    );
    expect(() => readStrictly(make({ a: entry(0, 4) }, 5))).toThrow('nothing after');
    expect(() => readStrictly(make({ a: { ...entry(0, 4), dtype: 'f32' } }, 4))).toThrow('dtype');
  });
});
