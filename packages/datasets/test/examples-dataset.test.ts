import { createHash } from 'node:crypto';
import { type Batch, type Dataset, OptionError, type Part } from '@fastweights/core';
import { dispose } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { examplesDataset } from '../src/examples-dataset.ts';
import { associativeRetrieval, glimpseDataset, imageDataset, memoryImages } from '../src/index.ts';

it('has the order of examples pinned: another would be another experiment', async () => {
  const { training } = associativeRetrieval({ seed: 1, sizes: { training: 1000 } });
  const hash = createHash('sha256');
  let examples = 0;
  for await (const { inputs, targets } of training.batches(96)) {
    hash.update(Uint8Array.from(inputs.dataSync())).update(Uint8Array.from(targets.dataSync()));
    examples += targets.size;
    dispose([inputs, targets]);
    if (examples >= 2000) break;
  }
  const expected = 'bbf7a3b3d30119c60c8b5e5ae439772a7cda4ffafb8ac55800a9558372ab5e96';
  expect(hash.digest('hex')).toBe(expected);
});

it('waits for examples that come later, and tells their epoch only when it shuffles', async () => {
  const epochs: (number | undefined)[] = [];
  const dataset = examplesDataset({
    size: 5,
    seed: 1,
    async batchOf(examples, epoch) {
      epochs.push(epoch);
      await new Promise((resolve) => setTimeout(resolve));
      return { examples: [...examples] } as never;
    },
  });
  const seen: number[][] = [];
  for await (const batch of dataset.inOrder(2)) seen.push((batch as never)['examples']);
  expect(seen).toEqual([[0, 1], [2, 3], [4]]);
  for await (const _ of dataset.batches(3, { epoch: 6, example: 3 })) {
    if (epochs.length === 6) break;
  }
  expect(epochs).toEqual([undefined, undefined, undefined, 6, 7, 7]);
});

describe('parts of a data set', () => {
  const numbered = (size: number): Dataset =>
    examplesDataset({
      size,
      seed: 4,
      batchOf: (examples) => ({ examples: [...examples] }) as never,
    });
  const examplesOf = (batch: Batch): number[] => (batch as never)['examples'];

  async function take(batches: AsyncIterable<Batch>, count: number): Promise<number[][]> {
    const taken: number[][] = [];
    for await (const batch of batches) {
      taken.push(examplesOf(batch));
      if (taken.length === count) break;
    }
    return taken;
  }
  const everyPart = (of: number): Part[] =>
    Array.from({ length: of }, (_, index) => ({ index, of }));
  const lengths = (parts: readonly number[][]): number[] => parts.map(({ length }) => length);

  it('are the rows of each batch, one after the other and equally many, from any position on', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 5 }),
        fc.nat(),
        async (size, batchSize, of, at) => {
          const from = { epoch: 3, example: at % (size + 1) };
          const whole = await take(numbered(size).batches(batchSize, from), 9);
          const parts = await Promise.all(
            everyPart(of).map((part) => take(numbered(size).batches(batchSize, from, part), 9)),
          );
          whole.forEach((batch, i) => {
            const shares = parts.map((batches) => batches[i] as number[]);
            expect(shares.flat()).toEqual(batch);
            expect(Math.max(...lengths(shares)) - Math.min(...lengths(shares))).toBeLessThan(2);
          });
        },
      ),
    );
  });

  it('hold each example once in order, equally many of the whole set', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 5 }),
        async (size, batchSize, of) => {
          const parts = await Promise.all(
            everyPart(of).map((part) => take(numbered(size).inOrder(batchSize, part), 99)),
          );
          expect(parts.flat(2)).toEqual(Array.from({ length: size }, (_, i) => i));
          const sizes = lengths(parts.map((part) => part.flat()));
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThan(2);
          for (const batch of parts.flat()) expect(batch.length).toBeLessThanOrEqual(batchSize);
        },
      ),
    );
  });

  it('are those of strings, images and glimpses; a batch of one row leaves a part with none', async () => {
    const images = memoryImages({
      pixels: Uint8Array.from({ length: 9 * 28 ** 2 }, (_, i) => i % 251),
      labels: new Uint8Array(9),
      side: 28,
      classes: ['0'],
    });
    const sets: Dataset[] = [
      associativeRetrieval({ seed: 1, sizes: { training: 9 } }).training as Dataset,
      imageDataset(images, { seed: 1, shift: 2 }) as Dataset,
      glimpseDataset(images, { seed: 1, shift: 2 }) as Dataset,
    ];
    for (const set of sets) {
      const numbers = async (part?: Part): Promise<{ rows: number[]; inputs: number[][] }> => {
        const [rows, inputs]: [number[], number[][]] = [[], []];
        for await (const batch of set.batches(4, undefined, part)) {
          rows.push(batch.inputs.shape[0] as number);
          inputs.push([...batch.inputs.dataSync()]);
          expect(batch.targets.shape).toEqual([batch.inputs.shape[0]]);
          dispose([batch.inputs, batch.targets]);
          if (rows.length === 4) break;
        }
        return { rows, inputs };
      };
      const whole = await numbers();
      const first = await numbers({ index: 0, of: 2 });
      const second = await numbers({ index: 1, of: 2 });
      expect([whole.rows, first.rows, second.rows]).toEqual([
        [4, 4, 1, 4],
        [2, 2, 0, 2],
        [2, 2, 1, 2],
      ]);
      expect(first.inputs.map((half, i) => [...half, ...(second.inputs[i] as number[])])).toEqual(
        whole.inputs,
      );
    }
  });

  it.each([
    [{ index: 0, of: 0 }, /^part\.of/],
    [{ index: -1, of: 2 }, /^part\.index/],
    [{ index: 2, of: 2 }, /^part\.index must be less than part\.of, 2/],
  ])('are refused where there is none: %j', async (part, message) => {
    for (const batches of [numbered(5).batches(2, undefined, part), numbered(5).inOrder(2, part)]) {
      const error = await take(batches, 1).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(OptionError);
      expect((error as Error).message).toMatch(message);
    }
  });
});
