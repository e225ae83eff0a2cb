import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { OptionError } from '@fastweights/core';
import { encode } from 'fast-png';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ImageCacheError,
  MultiPieError,
  type MultiPieOptions,
  readMultiPie,
} from '../src/files/index.ts';
import { LandmarksError, type MultiPieShot } from '../src/index.ts';
import {
  darkestNear,
  faceOf,
  facePng,
  HEADER,
  landmarksRow,
  placeOf,
  shotsOf,
  writeFileAt,
  writeMultiPieTree,
} from './multi-pie-tree.ts';

let folder: string;
let root: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'multi-pie-'));
  root = path.join(folder, 'copy');
});
afterEach(() => rm(folder, { recursive: true }));

const SUBJECTS = [1, 2, 3, 108, 346];

const read = (options: Partial<MultiPieOptions> = {}) =>
  readMultiPie({
    root,
    landmarks: `${root}.csv`,
    cache: path.join(folder, 'cache'),
    testIdentities: 2,
    seed: 5,
    ...options,
  });

const all = (size: number): Uint32Array => Uint32Array.from({ length: size }, (_, i) => i);

async function refusal(work: Promise<unknown>): Promise<Error> {
  try {
    await work;
  } catch (error) {
    return error as Error;
  }
  throw new Error('taken');
}

describe('readMultiPie', () => {
  it('reads a tree of the real layout: every image, its class, its subject', async () => {
    await writeMultiPieTree(root, shotsOf(SUBJECTS, { cameras: ['14_0', '05_1', '05_0'] }));
    const { training, test, report } = await read();
    expect(report).toMatchObject({ files: 90, images: 90, landmarks: { rows: 90 } });
    for (const { count } of Object.values(report.leftOut)) expect(count).toBe(0);
    expect([training.size, test.size]).toEqual([54, 36]);
    expect(training.classes).toEqual([
      'neutral',
      'smile',
      'surprise',
      'squint',
      'disgust',
      'scream',
    ]);
    expect(report.classes).toEqual({
      training: Array(6).fill(9),
      validation: Array(6).fill(0),
      test: Array(6).fill(6),
    });
    expect([...report.split.training, ...report.split.test].toSorted((a, b) => a - b)).toEqual(
      SUBJECTS,
    );
    expect(report.split.test.length).toBe(2);
  });

  it('keeps people for validation who are in no other set', async () => {
    await writeMultiPieTree(root, shotsOf(SUBJECTS));
    const whole = await read();
    const { training, validation, test, report } = await read({ validationIdentities: 2 });
    const { split } = report;
    expect([training.size, validation.size, test.size]).toEqual([6, 12, 12]);
    expect(split.test).toEqual(whole.report.split.test);
    const all = [...split.training, ...(split.validation ?? []), ...split.test];
    expect(all.toSorted((a, b) => a - b)).toEqual(SUBJECTS);
    await expect(read({ validationIdentities: 3 })).rejects.toThrow(
      /^testIdentities \+ validationIdentities must be fewer than the 5 subjects/,
    );
  });

  it('brings eyes and nose to their places', async () => {
    await writeMultiPieTree(root, shotsOf(SUBJECTS, { illuminations: [0, 9, 19] }));
    const { training, test } = await read();
    for (const set of [training, test]) {
      const pixels = await set.read(all(set.size));
      for (let i = 0; i < set.size; i++) {
        const image = pixels.subarray(i * 2304, (i + 1) * 2304);
        // 30 % and 70 % of 48 across and 35 % down; half and 60 %: less half a pixel, for a pixel's middle.
        for (const [x, y] of [
          [13.9, 16.3],
          [33.1, 16.3],
          [23.5, 28.3],
        ] as const) {
          const [foundX, foundY] = darkestNear(image, 48, [x, y]);
          expect(Math.hypot(foundX - x, foundY - y)).toBeLessThan(0.5);
        }
      }
    }
  });

  it('gives nobody to both sets, says who is where, and keeps the images apart', async () => {
    await writeMultiPieTree(root, shotsOf(SUBJECTS));
    const { report, test } = await read();
    const first = report.split.test[0] as number;
    // Of one subject, the images lie one after the other: session, recording.
    await rm(root, { recursive: true });
    await writeMultiPieTree(root, shotsOf([first, 200, 201]));
    const alone = await read({ cache: path.join(folder, 'second'), testIdentities: 2 });
    const known = alone.report.split.test.includes(first) ? alone.test : alone.training;
    const bytes = await known.read(all(known.size));
    const wanted = await test.read(Uint32Array.of(0));
    expect(Buffer.from(bytes).includes(Buffer.from(wanted))).toBe(true);
  });

  it('counts every kind of file that is of no use, names it, and goes on', async () => {
    const shots = shotsOf([1, 2, 3]);
    await writeMultiPieTree(root, shots);
    const [first, second, third, fourth] = shots as [
      MultiPieShot,
      MultiPieShot,
      MultiPieShot,
      MultiPieShot,
    ];
    const whole = facePng(first);
    const other = (changes: Partial<MultiPieShot>) => placeOf({ ...first, ...changes });
    const put = (name: string, data: Uint8Array | string = whole) => writeFileAt(root, name, data);
    await put('data/session01/Thumbs.db', 'x');
    await put('data/session01/highres/001/001_01_01_051_07.jpg', 'x');
    await put('data/readme.png');
    await put(`data/session01/multiview/001/01/05_1/._001_01_01_051_07.png`, 'x');
    // The name is of another recording than the folder.
    await put(other({}).replace('001_01_01', '001_01_02'));
    await put(other({ illumination: 20 }));
    await put(other({ subject: 347 }));
    await put(other({ camera: '19_1' }));
    await put(other({ session: 4, recording: 4 }));
    await put(`backup/${other({})}`);
    await put(other({ subject: 77 }));
    await put(placeOf(second), facePng(second).subarray(0, 300));
    await put(placeOf(third), 'not an image');
    const broken = facePng(fourth).slice();
    broken[60] = (broken[60] as number) ^ 255;
    await put(placeOf(fourth), broken);
    const far = { ...first, illumination: 3 };
    const swapped = { ...first, illumination: 4 };
    await put(placeOf(far));
    await put(placeOf(swapped));
    const [left, right, nose] = faceOf(first).spots;
    const rows = [
      landmarksRow(far, [left, right, [48, 72]]),
      landmarksRow(swapped, [right, left, nose]),
      landmarksRow({ ...first, illumination: 5 }, [left, right, nose]).replace(/,[^,]*$/, ',nan'),
      'what is this',
    ];
    const csv = await readFile(`${root}.csv`, 'utf8');
    await writeFile(`${root}.csv`, `${csv}${[...rows, rows[0]].join('\n')}\n`);
    await symlink(path.join(root, 'data'), path.join(root, 'data/circle'));

    const { report, training, test } = await read({ testIdentities: 1 });
    const counts = Object.entries(report.leftOut).map(([kind, { count }]) => [kind, count]);
    expect(Object.fromEntries(counts)).toEqual({
      'not-a-png': 2,
      'odd-name': 5,
      'other-camera': 1,
      'unknown-expression': 1,
      repeated: 1,
      'no-landmarks': 1,
      'odd-landmarks': 2,
      'unreadable-image': 3,
      'unreadable-folder': 0,
    });
    expect(report.images).toBe(18 - 3);
    expect(report.files).toBe(15 + 16);
    expect(training.size + test.size).toBe(15);
    const { leftOut } = report;
    expect(leftOut.repeated.examples).toEqual([placeOf(first)]);
    expect(leftOut['no-landmarks'].examples).toEqual([other({ subject: 77 })]);
    expect(leftOut['odd-landmarks'].examples.join()).toMatch(/_03\.png: 48, 72 is outside/);
    expect(leftOut['odd-landmarks'].examples.join()).toMatch(/_04\.png: the left eye is not on/);
    expect(leftOut['unreadable-image'].examples.join()).toMatch(
      /001_01_02_051_07\.png: This is no/,
    );
    expect(report.landmarks).toMatchObject({
      rows: 23,
      odd: { count: 2 },
      repeated: { count: 1 },
    });
    expect(report.landmarks.odd.examples.join()).toMatch(/row 23: what is this/);
  });

  it('takes the second of two files of a shot where the first cannot be read', async () => {
    const shots = shotsOf([1, 2]);
    await writeMultiPieTree(root, shots);
    await writeFileAt(root, `backup/${placeOf(shots[0] as MultiPieShot)}`, 'x');
    const { report } = await read({ testIdentities: 1 });
    expect(report.images).toBe(12);
    expect(report.leftOut['unreadable-image'].count).toBe(1);
    expect(report.leftOut.repeated.count).toBe(0);
  });

  it('takes the landmarks of any light for all of them, and the columns in any order', async () => {
    const shots = shotsOf([1, 2], { illuminations: [0, 19] });
    await writeMultiPieTree(root, shots);
    const rows = shotsOf([1, 2]).map(({ subject, session, recording }) => {
      const [[a, b], [c, d], [e, f]] = faceOf(shots[0] as MultiPieShot).spots;
      return [f, e, 'x', recording, '051', subject, a, b, c, d, session].join(',');
    });
    const header =
      'Nose Y,nose_x,comment,recording,camera,subject,left_eye_x,left_eye_y,right_eye_x,right_eye_y,session';
    await writeFile(`${root}.csv`, `\uFEFF${[header, ...rows].join('\r\n')}\r\n`);
    const { report } = await read({ testIdentities: 1 });
    expect(report.images).toBe(24);
  });

  it('takes landmarks by path, whatever the folders', async () => {
    const shots = shotsOf([1, 2]);
    await writeMultiPieTree(root, shots);
    const rows = shots.map((shot) => {
      const name = placeOf(shot).split('/').at(-1);
      return [`D:\\\\pie\\${name}`, ...faceOf(shot).spots.flat()].join(',');
    });
    const header = `path,${HEADER.split(',').slice(5).join(',')}`;
    await writeFile(`${root}.csv`, [header, ...rows].join('\n'));
    expect((await read({ testIdentities: 1 })).report.images).toBe(12);
  });

  it('keeps what it made: neither the copy is needed again, nor does another seed cost anything', async () => {
    await writeMultiPieTree(root, shotsOf(SUBJECTS));
    const first = await read();
    await rm(root, { recursive: true });
    const second = await read();
    expect(second.report).toEqual(first.report);
    expect(await second.test.read(all(12))).toEqual(await first.test.read(all(12)));
    const splits = new Set<string>();
    for (let seed = 0; seed < 8; seed++) {
      splits.add((await read({ seed })).report.split.test.join());
    }
    expect(splits.size).toBeGreaterThan(3);
    const manifest = JSON.parse(await readFile(path.join(folder, 'cache/manifest.json'), 'utf8'));
    expect(manifest.details.splits).toContainEqual(first.report.split);
    expect(manifest.details.splits.length).toBe(8);
    expect(manifest.details.tree.leftOut['no-landmarks']).toEqual({ count: 0, examples: [] });
    expect(await readdir(folder)).toEqual(['cache', 'copy.csv']);
  });

  it('may be read by many at once, whose splits are all noted', async () => {
    await writeMultiPieTree(root, shotsOf(SUBJECTS));
    await read();
    const seeds = [11, 12, 13, 14, 15, 16];
    const found = await Promise.all([...seeds, ...seeds].map((seed) => read({ seed })));
    const manifest = JSON.parse(
      await readFile(path.join(folder, 'cache', 'manifest.json'), 'utf8'),
    );
    const noted = manifest.details.splits.map((split: object) => JSON.stringify(split));
    expect(new Set(noted).size).toBe(noted.length);
    for (const { report } of found) expect(noted).toContain(JSON.stringify(report.split));
    expect((await readdir(path.join(folder, 'cache'))).sort()).toEqual([
      'images.bin',
      'labels.bin',
      'manifest.json',
      'tags.bin',
    ]);
  });

  it('does not take images made with other options for these', async () => {
    await writeMultiPieTree(root, shotsOf(SUBJECTS));
    await read();
    const error = await refusal(read({ cameras: ['05_1'] }));
    expect(error).toBeInstanceOf(ImageCacheError);
    expect(error).toMatchObject({ problem: 'other-options' });
    await writeFile(`${root}.csv`, `${HEADER}\n`);
    expect(await refusal(read())).toMatchObject({ problem: 'other-options' });
  });

  it('refuses what cannot be a copy, says why, and leaves nothing behind', async () => {
    await writeFile(`${root}.csv`, `${HEADER}\n`);
    expect(await refusal(read())).toMatchObject({ code: 'multi-pie', fault: 'root' });
    await writeFile(root, 'a file');
    expect(await refusal(read())).toMatchObject({
      fault: 'root',
      message: `${root} is no folder.`,
    });
    await rm(root);
    await mkdir(root);
    const empty = await refusal(read());
    expect(empty).toBeInstanceOf(MultiPieError);
    expect(empty).toMatchObject({ fault: 'no-images' });
    expect(empty.message).toMatch(/^Not one of the 0 files .* It is empty\./);
    await writeFileAt(root, 'data/holiday.png', 'x');
    const none = await refusal(read());
    expect(none.message).toMatch(
      /^Not one of the 1 files .* 1 odd-name \(such as data\/holiday\.png\)/,
    );
    expect((await readdir(folder)).toSorted()).toEqual(['copy', 'copy.csv']);
  });

  it('refuses landmarks that are not there, or do not say what is what', async () => {
    await mkdir(root);
    expect(await refusal(read())).toMatchObject({ code: 'multi-pie', fault: 'landmarks' });
    for (const [header, missing] of [
      ['', ['path', 'left_eye_x']],
      ['path,left_eye_x,left_eye_y,right_eye_x,right_eye_y,nose_x', ['nose_y']],
      [HEADER.replace('recording,', '').replace('session,', ''), ['session', 'recording']],
      [HEADER.split(',').slice(5).join(), ['path']],
    ] as const) {
      await writeFile(`${root}.csv`, header);
      const error = await refusal(read());
      expect(error).toBeInstanceOf(LandmarksError);
      for (const column of missing) {
        expect((error as LandmarksError).missing).toContain(column);
        expect(error.message).toContain(column);
      }
    }
    await writeFile(`${root}.csv`, `${HEADER}\n1,1,"1\n2,3\n`);
    const open = await refusal(read());
    expect(open).toMatchObject({ code: 'multi-pie', fault: 'landmarks' });
    expect(open.message).toMatch(
      /copy\.csv cannot be read: Row 2 has a quote that is never closed\./,
    );
  });

  it.each([
    [{ root: '' }, /^root must be a path/],
    [{ landmarks: undefined as never }, /^landmarks must be a path, but it is missing/],
    [{ cameras: [] }, /^cameras must be at least one/],
    [{ cameras: ['5'] }, /^cameras must be like 05_1, but it is "5"/],
    [{ seed: -1 }, /^seed/],
    [{ testIdentities: 0 }, /^testIdentities/],
    [{ testIdentities: 5 }, /^testIdentities must be fewer than the 5 subjects/],
    [
      { testIdentities: 20, validationIdentities: 20 },
      /^testIdentities must be fewer than the 5 subjects .*, but it is 20/,
    ],
    [{ folder: 'x' } as never, /^options of readMultiPie .*"folder"/],
  ] as [Partial<MultiPieOptions>, RegExp][])('refuses %j', async (options, message) => {
    await writeMultiPieTree(root, shotsOf(SUBJECTS));
    const error = await refusal(read(options));
    expect(error).toBeInstanceOf(OptionError);
    expect(error.message).toMatch(message);
  });

  it('refuses a cache inside the copy', async () => {
    await writeMultiPieTree(root, shotsOf(SUBJECTS));
    const error = await refusal(read({ cache: path.join(root, 'cache') }));
    expect(error).toBeInstanceOf(OptionError);
    expect(error.message).toMatch(/^cache must be a folder outside of/);
  });

  it('reads colour as luma', async () => {
    const shots = shotsOf([1, 2]);
    await writeMultiPieTree(root, shots);
    const [first] = shots as [MultiPieShot];
    const data = new Uint8Array(96 * 72 * 3);
    for (let i = 0; i < 96 * 72; i++) data.set([100, 200, 50], 3 * i);
    const png = encode({ width: 96, height: 72, channels: 3, depth: 8, data });
    await writeFileAt(root, placeOf(first), png);
    const { training, test, report } = await read({ testIdentities: 1 });
    const set = report.split.test.includes(first.subject) ? test : training;
    const pixels = await set.read(Uint32Array.of(0));
    // 0.299 · 100 + 0.587 · 200 + 0.114 · 50 = 153
    expect([...new Set(pixels)]).toEqual([153]);
  });
});
