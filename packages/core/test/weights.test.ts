import { expectNoLeaks } from '@fastweights/testing';
import { scalar, tensor2d, tidy, type Variable, variable } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countWeights,
  disposeWeights,
  loadWeights,
  readSafetensors,
  saveWeights,
  type Weights,
  WeightsError,
  walkWeights,
  writeSafetensors,
} from '../src/index.ts';

const matrix = (values: number[], rows: number, columns: number): Variable =>
  tidy(() => variable(tensor2d(values, [rows, columns])));

const model = (offset = 0): Weights => ({
  cell: {
    kernel: matrix(
      [1, 2, 3, 4, 5, 6].map((x) => x + offset),
      2,
      3,
    ),
  },
  bias: tidy(() => variable(scalar(0.5 + offset))),
});

const valuesOf = (weights: Weights): number[][] =>
  [...walkWeights(weights)].map(([, weight]) => [...weight.dataSync()]);

/** The error of loading bytes into a fresh model, which must be left as it was. */
function refusal(bytes: Uint8Array, into: Weights = model(100)): WeightsError {
  const before = valuesOf(into);
  try {
    loadWeights(into, bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(WeightsError);
    expect(valuesOf(into), 'the weights after a refusal').toEqual(before);
    return error as WeightsError;
  }
  throw new Error('the bytes were taken');
}

describe('weights', () => {
  it('are walked by path, in order, and counted', () => {
    expect([...walkWeights(model())].map(([path]) => path)).toEqual(['cell.kernel', 'bias']);
    expect(countWeights(model())).toBe(7);
  });

  it('are the same after save and load, with metadata beside them', async () => {
    const [from, to] = [model(), model(100)];
    const bytes = await saveWeights(from, { units: '3' });
    loadWeights(to, bytes);
    expect(valuesOf(to)).toEqual(valuesOf(from));
    expect(readSafetensors(bytes).metadata).toEqual({ units: '3' });
  });

  it('are saved as a snapshot', async () => {
    const weights = model();
    const bytes = await saveWeights(weights);
    (weights['bias'] as Variable).assign(scalar(9));
    loadWeights(weights, bytes);
    expect((weights['bias'] as Variable).dataSync()[0]).toBe(0.5);
  });

  it('are refused when one is missing, extra or misshapen', async () => {
    const { bias, cell } = model() as { bias: Variable; cell: Weights };
    const missing = refusal(await saveWeights({ cell }));
    expect(missing.path).toBe('bias');
    expect(missing.message).toContain('missing; the file holds cell.kernel');
    const extra = refusal(await saveWeights({ cell, bias, gain: variable(scalar(1)) }));
    expect(extra.path).toBe('gain');
    const turned = refusal(
      await saveWeights({ cell: { kernel: matrix([1, 2, 3, 4, 5, 6], 3, 2) }, bias }),
    );
    expect(turned.message).toBe('The weight cell.kernel must be [2, 3], but the file has [3, 2].');
  });

  it('are refused when the bytes were cut anywhere', async () => {
    const bytes = await saveWeights(model());
    for (let length = 0; length < bytes.length; length++) {
      expect(refusal(bytes.subarray(0, length)).message).toContain('no safetensors file');
    }
  });

  it('are refused, or read, but never crash when bytes are anything', async () => {
    const good = await saveWeights(model());
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        refusal(bytes);
      }),
    );
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bad = good.slice();
        bad[at] = (bad[at] as number) ^ flip;
        try {
          loadWeights(model(), bad);
        } catch (error) {
          expect(error).toBeInstanceOf(WeightsError);
        }
      }),
    );
  });

  it('are refused when they are no numbers', async () => {
    const { bias, cell } = model() as { bias: Variable; cell: Weights };
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      bias.assign(scalar(bad));
      expect(refusal(await saveWeights({ cell, bias })).path).toBe('bias');
    }
  });

  it('keep odd names, and refuse to be saved under one path or a reserved one', async () => {
    const odd = (): Weights =>
      Object.fromEntries(
        ['__proto__', 'constructor', 'é.ü'].map((name) => [name, matrix([1, 2], 1, 2)]),
      );
    const [from, to] = [odd(), odd()];
    for (const [, weight] of walkWeights(from)) weight.assign(tensor2d([[7, 8]]));
    loadWeights(to, await saveWeights(from));
    expect(valuesOf(to)).toEqual(valuesOf(from));
    const twice = { 'a.b': matrix([1], 1, 1), a: { b: matrix([2], 1, 1) } };
    await expect(saveWeights(twice)).rejects.toThrow('Two weights have the path a.b');
    await expect(saveWeights({ __metadata__: matrix([1], 1, 1) })).rejects.toThrow(WeightsError);
  });

  it('are refused with holes, overlaps and metadata that are none', () => {
    const file = (header: object, size: number): Uint8Array => {
      const json = new TextEncoder().encode(JSON.stringify(header));
      const bytes = new Uint8Array(8 + json.length + size);
      new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
      bytes.set(json, 8);
      return bytes;
    };
    const entry = (from: number, to: number) => ({
      dtype: 'F32',
      shape: [(to - from) / 4],
      data_offsets: [from, to],
    });
    expect(() => readSafetensors(file({ a: entry(0, 4), b: entry(4, 8) }, 8))).not.toThrow();
    for (const bad of [
      file({ a: entry(0, 4), b: entry(8, 12) }, 12),
      file({ a: entry(4, 8) }, 8),
      file({ a: entry(0, 8), b: entry(4, 12) }, 12),
      file({ a: entry(0, 4) }, 8),
      file({ __metadata__: [], a: entry(0, 4) }, 4),
      file({ __metadata__: { n: 1 }, a: entry(0, 4) }, 4),
    ]) {
      expect(() => readSafetensors(bad)).toThrow(WeightsError);
    }
    expect(() => readSafetensors(new ArrayBuffer(8) as never)).toThrow(WeightsError);
  });

  it('are refused with another dtype', () => {
    const bytes = writeSafetensors(new Map([['bias', { shape: [], values: Float32Array.of(1) }]]));
    const text = new TextDecoder().decode(bytes).replace('F32', 'F64');
    expect(refusal(new TextEncoder().encode(text)).message).toContain('bias is F64');
  });

  it('are refused where a dtype is nested without end', () => {
    const abyss = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const json = `{"w":{"dtype":${abyss},"shape":[],"data_offsets":[0,0]}}`;
    const bytes = new Uint8Array(8 + json.length);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
    bytes.set(new TextEncoder().encode(json), 8);
    expect(() => readSafetensors(bytes)).toThrow(/w is of no dtype, and only F32 is read/);
  });

  it('leave nothing behind when disposed', async () => {
    const bytes = await saveWeights(model());
    await expectNoLeaks(async () => {
      const weights = model();
      loadWeights(weights, bytes);
      await saveWeights(weights);
      disposeWeights(weights);
    });
  });
});

describe('safetensors', () => {
  it('has the bytes of the format', () => {
    const bytes = writeSafetensors(
      new Map([['a', { shape: [2], values: Float32Array.of(1, -2) }]]),
    );
    const view = new DataView(bytes.buffer);
    const length = Number(view.getBigUint64(0, true));
    expect(length % 8).toBe(0);
    expect(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)))).toEqual({
      a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] },
    });
    expect([view.getFloat32(8 + length, true), view.getFloat32(12 + length, true)]).toEqual([
      1, -2,
    ]);
  });
});
