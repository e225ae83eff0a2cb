import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { runModule } from '@fastweights/testing';
import { encode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMultiPie } from '../src/files/index.ts';
import { HEADER, landmarksRow, placeOf, shotsOf, writeFileAt } from './multi-pie-tree.ts';

const here = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const shots = shotsOf(
  Array.from({ length: 25 }, (_, i) => i + 1),
  { illuminations: Array.from({ length: 20 }, (_, i) => i) },
);

let folder: string;
let root: string;

/** 3,000 small files, of which some cannot be read, and some have no landmarks. */
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'multi-pie-cache-'));
  root = path.join(folder, 'copy');
  const rows = [HEADER];
  for (const [i, shot] of shots.entries()) {
    const data = Uint8Array.from({ length: 24 * 18 }, (_, at) => (i * 7 + at * at) % 256);
    const png = encode({ width: 24, height: 18, channels: 1, depth: 8, data });
    await writeFileAt(root, placeOf(shot), i % 50 === 3 ? png.subarray(0, 200) : png);
    if (i % 60 !== 5) {
      const row = landmarksRow(shot, [
        [8, 7],
        [15, 7],
        [12, 12],
      ]);
      rows.push(row);
    }
  }
  await writeFile(`${root}.csv`, rows.join('\n'));
});
afterAll(() => rm(folder, { recursive: true }));

const read = (cache: string, onProgress = (_: { files: number }) => {}) =>
  readMultiPie({ root, landmarks: `${root}.csv`, cache, seed: 1, onProgress });

const contents = async (cache: string) =>
  Promise.all(
    (await readdir(cache)).toSorted().map(async (name) => [
      name,
      // Text is easier to compare by eye, bytes are quicker to compare.
      (await readFile(path.join(cache, name))).toString(name.endsWith('json') ? 'utf8' : 'latin1'),
    ]),
  );

describe('the cache of Multi-PIE', () => {
  it('is complete and the same after kills in the middle', async () => {
    const undisturbed = path.join(folder, 'undisturbed');
    const { report } = await read(undisturbed);
    expect(report).toMatchObject({ files: 3000, images: 2890 });

    const cache = path.join(folder, 'killed');
    const options = { root, landmarks: `${root}.csv`, cache, seed: 1 };
    const reached: number[] = [];
    // Before there is anything to go on from, twice in the middle, and near the end.
    for (const images of [100, 700, 1333, 2880]) {
      const { stdout } = await runModule(
        here,
        `import { readMultiPie } from './src/files/index.ts';
         let isFirst = true;
         await readMultiPie({ ...${JSON.stringify(options)}, onProgress({ images }) {
           if (isFirst) console.log(images);
           isFirst = false;
           if (images === ${images}) process.kill(process.pid, 'SIGKILL');
         } });
         console.log('not killed');`,
      );
      expect(stdout).not.toContain('not killed');
      reached.push(Number(stdout));
      expect(existsSync(cache)).toBe(false);
      expect(existsSync(`${cache}.partial`)).toBe(true);
    }
    // Each goes on from where the one before was at most 250 images ago.
    const [none, first, second, third] = reached as [number, number, number, number];
    expect(none).toBeLessThanOrEqual(1);
    expect(first).toBeLessThanOrEqual(1);
    expect(second).toBeGreaterThan(700 - 251);
    expect(third).toBeGreaterThan(1333 - 251);

    const resumed = await read(cache);
    expect(resumed.report).toEqual(report);
    expect(await contents(cache)).toEqual(await contents(undisturbed));
    expect((await readdir(folder)).filter((name) => name.startsWith('killed'))).toEqual(['killed']);
  });

  it('is made anew where the files are no longer those of the interrupted run', async () => {
    const cache = path.join(folder, 'changed');
    let stopAt = 700;
    const stopping = ({ files }: { files: number }) => {
      if (files === stopAt) throw new Error('stop');
    };
    await expect(read(cache, stopping)).rejects.toThrow('stop');
    const added = path.join(root, 'data/session01/multiview/000.png');
    await writeFile(added, 'x');
    stopAt = 1;
    let first = 0;
    const noting = ({ files }: { files: number }) => {
      first ||= files;
    };
    const { report } = await read(cache, noting);
    expect(first).toBe(1);
    expect(report).toMatchObject({ files: 3001, images: 2890 });
    expect(report.leftOut['odd-name'].count).toBe(1);
    await rm(added);
  });

  it('does not keep images in memory while it is made', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const used: number[] = [];
    await read(path.join(folder, 'memory'), ({ files }) => {
      if (files % 250 !== 0) return;
      // Buffers are freed by another thread, which the next collection waits for.
      collect();
      collect();
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      used.push(heapUsed + arrayBuffers);
    });
    expect(used.length).toBe(12);
    // Files that were read ahead and the test runner come and go: the least of each half is what was kept. Half of the
    // images are 3.3 MB; their numbers, by which repeated ones are found, 0.1 MB.
    const growth = Math.min(...used.slice(6)) - Math.min(...used.slice(0, 6));
    expect(growth).toBeLessThan(2_000_000);
  });
});
