import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parseConfig, prepareExperiment } from '../src/index.ts';
import { fileSources } from '../src/node/index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fast-weights-sources-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** An IDX file of bytes: two noughts, the type, the number of axes, their sizes, the bytes. */
function idx(sizes: readonly number[], value: (i: number) => number): Uint8Array {
  const count = sizes.reduce((product, size) => product * size, 1);
  const bytes = new Uint8Array(4 + 4 * sizes.length + count);
  bytes.set([0, 0, 8, sizes.length]);
  sizes.forEach((size, axis) => {
    new DataView(bytes.buffer).setUint32(4 + 4 * axis, size);
  });
  for (let i = 0; i < count; i++) bytes[4 + 4 * sizes.length + i] = value(i);
  return bytes;
}

it('reads MNIST from a folder', async () => {
  for (const [name, size] of [
    ['train', 30],
    ['t10k', 12],
  ] as const) {
    const images = idx([size, 28, 28], (i) => i % 256);
    await writeFile(path.join(folder, `${name}-images-idx3-ubyte`), images);
    const labels = idx([size], (i) => i % 10);
    await writeFile(path.join(folder, `${name}-labels-idx1-ubyte`), labels);
  }
  const data = { source: 'folder', folder, validation: 10 };
  const config = parseConfig({ task: 'mnist', data, model: { units: 4 } });
  const experiment = prepareExperiment(config, fileSources());
  const { training, validation, test } = experiment.data;
  expect((await training()).size).toBe(20);
  expect((await validation()).size).toBe(10);
  expect((await test()).size).toBe(12);
});

it('reads FER-2013', async () => {
  const file = path.join(folder, 'fer2013.csv');
  const row = (emotion: number, usage: string): string =>
    `${emotion},${Array(48 * 48)
      .fill(emotion)
      .join(' ')},${usage}`;
  const uses = ['Training', 'PublicTest', 'PrivateTest'];
  const rows = uses.flatMap((usage) => [row(0, usage), row(6, usage)]);
  await writeFile(file, ['emotion,pixels,Usage', ...rows].join('\n'));
  const config = parseConfig({
    task: 'faces',
    data: { source: 'fer-2013', file },
    model: { kind: 'conv-net', units: 2 },
  });
  const experiment = prepareExperiment(config, fileSources());
  for await (const { inputs, targets } of (await experiment.data.test()).inOrder(5)) {
    expect(inputs.shape).toEqual([2, 48, 48, 1]);
    expect([...(await targets.data())]).toEqual([0, 6]);
  }
});

it('keeps rendered faces, and names what Multi-PIE lacks', { timeout: 240_000 }, async () => {
  const data = { identities: 3, validationIdentities: 1, testIdentities: 1 };
  const config = parseConfig({ task: 'faces', data, model: { units: 4 } });
  const controller = new AbortController();
  const stopped = prepareExperiment(
    config,
    fileSources({
      cache: folder,
      signal: controller.signal,
      onProgress: ({ images }) => images > 150 && controller.abort(),
    }),
  );
  await expect(stopped.data.training()).rejects.toThrow(/abort/);
  expect(await readdir(folder)).toEqual([]);

  const seen: string[] = [];
  const once = prepareExperiment(
    config,
    fileSources({
      cache: folder,
      onProgress: ({ kind, images, of = 0 }) => seen.push(`${kind} ${images}/${of}`),
    }),
  );
  const size = (await once.data.training()).size;
  expect(seen[0]).toBe(`rendering 100/${size}`);
  expect(seen).toContain(`rendering ${size}/${size}`);
  expect((await readdir(folder)).filter((name) => /^faces-[0-9a-f]{16}$/.test(name)).length).toBe(
    3,
  );
  const noProgress = (): never => expect.fail('rendered anew');
  const again = prepareExperiment(config, fileSources({ cache: folder, onProgress: noProgress }));
  expect((await again.data.training()).size).toBe(size);

  const missing = { root: `${folder}/none`, landmarks: `${folder}/none.csv`, cache: `${folder}/c` };
  const own = parseConfig({ task: 'faces', data: { source: 'multi-pie', ...missing } });
  const photographs = prepareExperiment(own, fileSources());
  await expect(photographs.data.training()).rejects.toThrow(/none\.csv cannot be read/);
});
