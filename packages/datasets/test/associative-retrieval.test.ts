import { OptionError, type Position } from '@fastweights/core';
import { expectNoLeaks } from '@fastweights/testing';
import { dispose } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import {
  type AssociativeRetrievalOptions,
  answerRetrieval,
  associativeRetrieval,
  decodeRetrieval,
  type RetrievalBatch,
  retrievalDataset,
} from '../src/index.ts';

interface Example {
  readonly text: string;
  readonly answer: number;
}

function examples(batch: RetrievalBatch): Example[] {
  const [answers, ids] = [batch.targets.dataSync(), batch.inputs.dataSync()];
  const length = batch.inputs.shape[1];
  dispose([batch.inputs, batch.targets]);
  return Array.from(answers, (answer, i) => ({
    text: decodeRetrieval(ids.slice(i * length, (i + 1) * length)),
    answer,
  }));
}

async function all(batches: AsyncIterable<RetrievalBatch>, most = Infinity): Promise<Example[]> {
  const found: Example[] = [];
  for await (const batch of batches) {
    found.push(...examples(batch));
    if (found.length >= most) break;
  }
  return found;
}

const small = { training: 500, validation: 100, test: 200 };
const data = (options: AssociativeRetrievalOptions = {}) =>
  associativeRetrieval({ sizes: small, seed: 3, ...options });

describe('associativeRetrieval', () => {
  it('has the paper’s sizes', () => {
    const { training, validation, test } = associativeRetrieval();
    expect([training.size, validation.size, test.size]).toEqual([100_000, 10_000, 20_000]);
  });

  it.each([1, 4, 26])('makes valid strings of %i pairs, with their answers', async (pairs) => {
    const strings = await all(data({ pairs }).training.inOrder(64));
    expect(strings.length).toBe(small.training);
    for (const { text, answer } of strings) {
      expect(text.length).toBe(2 * pairs + 3);
      expect(answerRetrieval(text)).toBe(answer);
    }
  });

  it('draws letters without replacement, digits with, and asks for each pair', async () => {
    const strings = await all(data().training.inOrder(500));
    const digits = strings.filter(
      ({ text }) => new Set(text.slice(0, 8).replace(/\D/g, '')).size < 4,
    );
    // Four digits out of ten are all different with probability 0.504.
    expect(digits.length / strings.length).toBeGreaterThan(0.4);
    expect(digits.length / strings.length).toBeLessThan(0.6);
    const asked = [0, 0, 0, 0];
    for (const { text } of strings) {
      const pair = text.indexOf(text.slice(-1)) / 2;
      asked[pair] = (asked[pair] as number) + 1;
    }
    for (const count of asked) expect(count / strings.length).toBeCloseTo(0.25, 1);
    expect(new Set(strings.map(({ text }) => text[0])).size).toBe(26);
  });

  it('is pinned: other strings would be another experiment', async () => {
    const first = await all(associativeRetrieval({ seed: 1 }).training.inOrder(3), 3);
    expect(first.map(({ text }) => text)).toMatchInlineSnapshot(`
      [
        "u5i5h8k2??i",
        "g4d3e2i7??d",
        "g1k9s3x6??g",
      ]
    `);
  });

  it('has splits that share no string, and another seed other strings', async () => {
    const { training, validation, test } = data();
    const texts = [training, validation, test].map(async (split) =>
      (await all(split.inOrder(1000))).map(({ text }) => text),
    );
    const [a, b, c] = (await Promise.all(texts)) as [string[], string[], string[]];
    expect(new Set([...a, ...b, ...c]).size).toBe(800);
    const other = await all(data({ seed: 4 }).training.inOrder(500));
    expect(other.map(({ text }) => text)).not.toEqual(a);
  });

  it('keeps a split whatever the size of the one before', async () => {
    const more = data({ sizes: { ...small, training: 900 } });
    expect(await all(more.test.inOrder(50))).toEqual(await all(data().test.inOrder(50)));
  });

  it('goes through everything once an epoch, in an order of each epoch’s own', async () => {
    const { training } = data();
    const twice = await all(training.batches(125), 1000);
    const [first, second] = [twice.slice(0, 500), twice.slice(500)];
    const sorted = (epoch: Example[]) => epoch.map(({ text }) => text).sort();
    const everything = sorted(await all(training.inOrder(500)));
    expect(sorted(first)).toEqual(everything);
    expect(sorted(second)).toEqual(everything);
    expect(first).not.toEqual(second);
  });

  it('goes on from a position as if it had never stopped', async () => {
    const { training } = data();
    const whole = await all(training.batches(60), 1200);
    // Batches of 60 out of 500: the ninth has the 20 that are left, then comes the next epoch.
    const from: Position = { epoch: 1, example: 120 };
    const rest = await all(training.batches(60, from), 300);
    expect(rest).toEqual(whole.slice(500 + 120, 500 + 120 + 300));
  });

  it.each([
    { epoch: -1, example: 0 },
    { epoch: 0, example: -1 },
    { epoch: 0, example: 501 },
    { epoch: 0, example: 0.5 },
    { epoch: Number.NaN, example: 0 },
  ])('refuses the position %j', async (from) => {
    await expect(all(data().training.batches(10, from), 10)).rejects.toThrow(OptionError);
  });

  it('refuses a split without strings', () => {
    const nothing = { ids: new Uint8Array(), answers: new Uint8Array(), length: 11 };
    expect(() => retrievalDataset(nothing, 1)).toThrow(OptionError);
  });

  it('leaves nothing behind', async () => {
    const { training } = data();
    await expectNoLeaks(async () => {
      await all(training.batches(100), 300);
    });
  });

  it.each([
    [{ pairs: 0 }, /^pairs .*at least 1/],
    [{ pairs: 27 }, /^pairs .*at most 26.*27/],
    [{ sizes: { training: 0 } }, /^sizes\.training/],
    [{ sizes: { test: 1e11 } }, /^sizes\.test .*at most 195225786/],
    [{ sizes: { training: Number.MAX_SAFE_INTEGER } }, /^sizes\.training .*at most/],
    [{ sizes: { train: 5 } as never }, /^options of associativeRetrieval\.sizes .*"train"/],
    [{ seed: -1 }, /^seed/],
  ] as [AssociativeRetrievalOptions, RegExp][])('refuses %j', (options, message) => {
    expect(() => associativeRetrieval(options)).toThrow(OptionError);
    expect(() => associativeRetrieval(options)).toThrow(message);
  });
});
