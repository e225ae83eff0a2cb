import {
  type Batch,
  type Dataset,
  integer,
  OptionError,
  random,
  ShapeError,
} from '@fastweights/core';
import { expectClose, expectNoLeaks } from '@fastweights/testing';
import { dispose } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import {
  glimpseDataset,
  glimpses,
  imageDataset,
  memoryImages,
  mnistSplits,
  split,
  subset,
} from '../src/index.ts';

const SIDE = 8;
const AREA = SIDE ** 2;
const stream = random(11);

/** Noise, in which the first pixel is the image's number. */
const pixels = Uint8Array.from({ length: 50 * AREA }, (_, i) =>
  i % AREA === 0 ? i / AREA : integer(stream, 256),
);
const labels = Uint8Array.from({ length: 50 }, (_, i) => i % 3);
const images = memoryImages({ pixels, labels, side: SIDE, classes: ['a', 'b', 'c'] });

interface Example {
  readonly values: number[];
  readonly target: number;
}

async function read(batches: AsyncIterable<Batch>, most = Infinity): Promise<Example[]> {
  const found: Example[] = [];
  for await (const { inputs, targets } of batches) {
    const values = inputs.dataSync();
    const width = values.length / targets.size;
    targets.dataSync().forEach((target: number, i: number) => {
      found.push({ values: Array.from(values.slice(i * width, (i + 1) * width)), target });
    });
    dispose([inputs, targets]);
    if (found.length >= most) break;
  }
  return found;
}

const numberOf = ({ values }: Example): number => Math.round((values[0] as number) * 255);

describe('imageDataset', () => {
  it('gives greys from 0 to 1 and classes, in order', async () => {
    for await (const { inputs, targets } of imageDataset(images).inOrder(20)) {
      expect([inputs.shape.slice(1), inputs.dtype, targets.dtype]).toEqual([
        [8, 8, 1],
        'float32',
        'int32',
      ]);
      dispose([inputs, targets]);
    }
    const all = await read(imageDataset(images).inOrder(20));
    expect(all.map(({ target }) => target)).toEqual([...labels]);
    const expected = Array.from(pixels, (grey) => grey / 255);
    expectClose(
      all.flatMap(({ values }) => values),
      expected,
    );
  });

  it('shuffles images and classes together, otherwise in each epoch and for each seed', async () => {
    const twice = await read(imageDataset(images, { seed: 1 }).batches(20), 100);
    const [first, second] = [twice.slice(0, 50).map(numberOf), twice.slice(50).map(numberOf)];
    for (const example of twice) expect(example.target).toBe(numberOf(example) % 3);
    expect([...first].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(new Set(second).size).toBe(50);
    expect(second).not.toEqual(first);
    const other = await read(imageDataset(images, { seed: 2 }).batches(50), 50);
    expect(other.map(numberOf)).not.toEqual(first);
  });
});

describe('glimpseDataset', () => {
  it('gives the glimpses of each image', async () => {
    const scheme = glimpses({ side: SIDE });
    for await (const { inputs, targets } of glimpseDataset(images).inOrder(50)) {
      expect(inputs.shape).toEqual([50, 24, 4]);
      expectClose(inputs, Array.from(scheme.extract(pixels, 50)));
      dispose([inputs, targets]);
    }
  });

  it('has a third level, if it is asked for', async () => {
    for await (const { inputs, targets } of glimpseDataset(images, { levels: 3 }).inOrder(7)) {
      expect(inputs.shape.slice(1)).toEqual([104, 1]);
      dispose([inputs, targets]);
    }
  });
});

describe.each<[string, (shift: number, seed?: number) => Dataset]>([
  ['imageDataset', (shift, seed = 4) => imageDataset(images, { shift, seed })],
  ['glimpseDataset', (shift, seed = 4) => glimpseDataset(images, { shift, seed })],
])('%s, shifted or not', (_, create) => {
  it.each([0, 2])(
    'repeats itself, and goes on from a position in batches of any size (%i)',
    async (shift) => {
      const whole = await read(create(shift).batches(12), 150);
      expect(await read(create(shift).batches(12), 150)).toEqual(whole);
      const rest = await read(create(shift).batches(9, { epoch: 1, example: 17 }), 60);
      expect(rest.slice(0, 60)).toEqual(whole.slice(67, 127));
    },
  );

  it('is moved anew in each epoch, and never in order', async () => {
    const [still, moved] = [create(0), create(2)];
    expect(await read(moved.inOrder(20))).toEqual(await read(still.inOrder(20)));
    const one = await read(moved.batches(50), 50);
    const two = await read(moved.batches(50, { epoch: 1, example: 0 }), 50);
    const sorted = (epoch: Example[]) => epoch.map(({ values }) => `${values}`).sort();
    const stay = new Set(sorted(await read(still.inOrder(50))));
    // Of 5 × 5 moves one is none, and one repeats the last epoch's: 2 of 50 on average.
    expect(sorted(one).filter((image) => stay.has(image)).length).toBeLessThan(10);
    expect(sorted(one).filter((image) => sorted(two).includes(image)).length).toBeLessThan(10);
  });

  it('leaves nothing behind', async () => {
    await expectNoLeaks(async () => {
      await read(create(1).batches(20), 100);
    });
  });
});

describe('shift', () => {
  // One bright pixel in the middle of 5 × 5, and a bright left edge.
  const dot = Uint8Array.from({ length: 25 }, (_, i) => (i === 12 ? 200 : i % 5 === 0 ? 100 : 0));
  const set = memoryImages({ pixels: dot, labels: Uint8Array.of(0), side: 5, classes: ['a'] });

  it('moves by up to so many pixels on each axis, all equally often, and repeats the edge', async () => {
    const seen = new Map<number, number>();
    const epochs = await read(imageDataset(set, { shift: 1, seed: 3 }).batches(1), 900);
    for (const { values } of epochs) {
      const image = values.map((value) => Math.round(value * 255));
      const at = image.indexOf(200);
      seen.set(at, (seen.get(at) ?? 0) + 1);
      const expected = Array.from({ length: 25 }, (_, i) => {
        const [right, down] = [(at % 5) - 2, Math.floor(at / 5) - 2];
        const x = Math.min(Math.max((i % 5) - right, 0), 4);
        const y = Math.min(Math.max(Math.floor(i / 5) - down, 0), 4);
        return dot[5 * y + x];
      });
      expect(image).toEqual(expected);
    }
    expect([...seen.keys()].sort((a, b) => a - b)).toEqual([6, 7, 8, 11, 12, 13, 16, 17, 18]);
    // 100 each on average, with a deviation of 9.4.
    for (const count of seen.values()) expect(Math.abs(count - 100)).toBeLessThan(50);
  });

  it.each([-1, 0.5, 5])('refuses %f', (shift) => {
    expect(() => imageDataset(set, { shift })).toThrow(OptionError);
    expect(() => imageDataset(set, { shift })).toThrow(/^shift/);
  });
});

describe('subset and split', () => {
  it('are views that read the right images', async () => {
    const some = subset(subset(images, Uint32Array.of(40, 7, 30)), Uint32Array.of(2, 0));
    expect([some.size, some.side, [...some.labels]]).toEqual([2, 8, [0, 1]]);
    const [first, second] = await read(imageDataset(some).inOrder(2));
    expect([first, second].map((example) => numberOf(example as Example))).toEqual([30, 40]);
  });

  it('share no image, follow from the seed, and keep the order', async () => {
    const numbers = async (seed: number) => {
      const parts = split(images, { one: 20, two: 25 }, seed);
      const [one, two] = [
        await read(imageDataset(parts.one).inOrder(9)),
        await read(imageDataset(parts.two).inOrder(9)),
      ];
      return [one.map(numberOf), two.map(numberOf)] as const;
    };
    const [one, two] = await numbers(1);
    expect([one.length, two.length, new Set([...one, ...two]).size]).toEqual([20, 25, 45]);
    expect(one).toEqual([...one].sort((a, b) => a - b));
    expect(await numbers(1)).toEqual([one, two]);
    expect(await numbers(2)).not.toEqual([one, two]);
  });

  it('refuse what the set does not have', () => {
    expect(() => subset(images, Uint32Array.of(50))).toThrow(/^indices .*50/);
    expect(() => split(images, { one: 30, two: 21 }, 0)).toThrow(/^sizes .*at most 50.*51/);
    expect(() => split(images, { one: 0 }, 0)).toThrow(/^sizes\.one/);
    expect(() => mnistSplits({ training: images, test: images }, { validation: 0 })).toThrow(
      /^validation/,
    );
    expect(() => mnistSplits({ training: images, test: images }, { validation: 50 })).toThrow(
      OptionError,
    );
    expect(() => subset(images, Uint32Array.of(1)).read(Uint32Array.of(1))).toThrow(OptionError);
  });
});

describe('memoryImages', () => {
  const classes = ['a'];
  it.each([
    [
      { pixels: new Uint8Array(7), labels: new Uint8Array(2), side: 2, classes },
      ShapeError,
      /^pixels .*2 images of 4/,
    ],
    [
      { pixels: new Uint8Array(4), labels: Uint8Array.of(1), side: 2, classes },
      OptionError,
      /^labels .*1 at 0/,
    ],
    [
      { pixels: new Uint8Array(4), labels: Uint8Array.of(0), side: 0, classes },
      OptionError,
      /^side/,
    ],
  ])('refuses what does not fit: %#', (parts, type, message) => {
    expect(() => memoryImages(parts)).toThrow(type);
    expect(() => memoryImages(parts)).toThrow(message);
  });

  it('refuses to read what is not there, and to make batches of nothing', () => {
    expect(() => images.read(Uint32Array.of(50))).toThrow(/^indices .*50/);
    expect(() => imageDataset(subset(images, new Uint32Array()))).toThrow(/^the number of images/);
    expect(() => imageDataset(images, { levels: 2 } as never)).toThrow(/"levels"/);
    expect(() => glimpseDataset(images, { level: 2 } as never)).toThrow(/"level"/);
  });
});
