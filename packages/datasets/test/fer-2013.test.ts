import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { OptionError } from '@fastweights/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFer2013 } from '../src/files/index.ts';
import {
  CsvError,
  Fer2013Error,
  type Fer2013Options,
  type ImageSet,
  parseFer2013,
} from '../src/index.ts';

/** 2304 numbers that start with this one. */
const pixels = (first: number): string =>
  Array.from({ length: 48 * 48 }, (_, i) => (first + i) % 256).join(' ');

const USAGES = ['Training', 'PublicTest', 'PrivateTest'] as const;

const row = (emotion: number, first: number, usage: string): string =>
  `${emotion},${pixels(first)},${usage}`;

/** Seven images to train on, one of each emotion; two to validate; two to test. */
const rows = [
  ...[0, 1, 2, 3, 4, 5, 6].map((emotion) => row(emotion, 10 + emotion, 'Training')),
  row(3, 20, 'PublicTest'),
  row(1, 21, 'PublicTest'),
  row(6, 30, 'PrivateTest'),
  row(0, 31, 'PrivateTest'),
];
const HEADER = 'emotion,pixels,Usage';
const text = `${[HEADER, ...rows].join('\n')}\n`;

const parse = (csv: string, options: Fer2013Options = {}) => parseFer2013([csv], options);

async function firsts(set: ImageSet): Promise<number[]> {
  const bytes = await set.read(Uint32Array.from({ length: set.size }, (_, i) => i));
  return Array.from({ length: set.size }, (_, i) => bytes[i * 2304] as number);
}

async function refusal(work: Promise<unknown>): Promise<Fer2013Error> {
  try {
    await work;
  } catch (error) {
    return error as Fer2013Error;
  }
  throw new Error('taken');
}

const without = (line: number, changed?: string): string =>
  `${[HEADER, ...rows.map((row, i) => (i === line ? changed : row))].filter((row) => row !== undefined).join('\n')}\n`;

describe('FER-2013', () => {
  it('is three sets of images, with the classes of the file', async () => {
    const { training, validation, test, report } = await parse(text);
    expect(training).toMatchObject({ size: 7, side: 48 });
    expect(training.classes).toEqual([
      'angry',
      'disgust',
      'fear',
      'happy',
      'sad',
      'surprise',
      'neutral',
    ]);
    expect([...training.labels]).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect([...validation.labels]).toEqual([3, 1]);
    expect([...test.labels]).toEqual([6, 0]);
    expect(await firsts(training)).toEqual([10, 11, 12, 13, 14, 15, 16]);
    expect(await firsts(validation)).toEqual([20, 21]);
    expect(await firsts(test)).toEqual([30, 31]);
    const whole = await test.read(Uint32Array.of(1));
    expect([...whole].join(' ')).toBe(pixels(31));
    expect(report).toMatchObject({
      rows: 11,
      images: { training: 7, validation: 2, test: 2 },
      hasUsage: true,
      isComplete: false,
    });
  });

  it('has six classes where disgust counts as anger', async () => {
    const { training, validation } = await parse(text, { classes: 'six' });
    expect(training.classes).toEqual(['angry', 'fear', 'happy', 'sad', 'surprise', 'neutral']);
    expect([...training.labels]).toEqual([0, 0, 1, 2, 3, 4, 5]);
    expect([...validation.labels]).toEqual([2, 0]);
  });

  const moved = rows.map((row) => {
    const [emotion, pixels, usage] = row.split(',');
    return `${emotion},${usage},${pixels}`;
  });
  it.each([
    ['icml_face_data.csv', ['emotion, Usage, pixels', ...moved].join('\n')],
    ['spaces in the header', [' emotion , pixels , Usage ', ...rows].join('\n')],
    ['upper case and quotes', ['"Emotion","Pixels","USAGE"', ...rows].join('\n')],
    ['Windows', `\uFEFF${[HEADER, ...rows].join('\r\n')}\r\n`],
    ['quoted pixels', text.replace(/,([\d ]+),/g, ',"$1",')],
    ['more spaces', text.replaceAll(' ', '  ').replaceAll(',', ' , ')],
    ['empty lines', text.replaceAll('\n', '\n\n')],
    ['another column', text.replaceAll('\n', ',x\n')],
  ])('is read in the form of %s', async (_, csv) => {
    const [expected, found] = [await parse(text), await parse(csv)];
    for (const part of ['training', 'validation', 'test'] as const) {
      expect(found[part].labels).toEqual(expected[part].labels);
      expect(await firsts(found[part])).toEqual(await firsts(expected[part]));
    }
  });

  it('is split by seed where there is no column Usage', async () => {
    const csv = ['emotion,pixels', ...Array.from({ length: 40 }, (_, i) => `3,${pixels(i)}`)];
    const parts = async (seed: number) => {
      const { training, validation, test, report } = await parse(csv.join('\n'), { seed });
      expect(report).toMatchObject({ hasUsage: false, isComplete: false });
      expect([training.size, validation.size, test.size]).toEqual([32, 4, 4]);
      return Promise.all([training, validation, test].map(firsts));
    };
    const found = await parts(1);
    expect(found.flat().toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i));
    expect(await parts(1)).toEqual(found);
    expect(await parts(2)).not.toEqual(found);
  });

  const short = pixels(0).split(' ').slice(1).join(' ');
  it.each([
    ['columns', `3,${pixels(0)}`, 'Row 4 has 2 fields, but the header 3.'],
    ['columns', `3,${pixels(0)},Training,1`, 'Row 4 has 4 fields, but the header 3.'],
    ['emotion', row(7, 0, 'Training'), 'Row 4 has the emotion "7", which is none of 0 to 6.'],
    ['emotion', `,${pixels(0)},Training`, 'has the emotion ""'],
    ['emotion', `-1,${pixels(0)},Training`, 'has the emotion "-1"'],
    ['emotion', `1.5,${pixels(0)},Training`, 'has the emotion "1.5"'],
    ['usage', row(3, 0, 'Testing'), 'Row 4 has the usage "Testing"'],
    ['usage', row(3, 0, ''), 'Row 4 has the usage ""'],
    ['pixel-count', `3,${short},Training`, 'Row 4 has 2303 pixels, but needs 2304.'],
    ['pixel-count', `3,${pixels(0)} 7,Training`, 'Row 4 has 2305 pixels, but needs 2304.'],
    ['pixel-count', '3,,Training', 'Row 4 has 0 pixels'],
    ['pixel-value', `3,256 ${short},Training`, 'Row 4 has the pixel "256"'],
    ['pixel-value', `3,-1 ${short},Training`, 'Row 4 has the pixel "-1"'],
    ['pixel-value', `3,1.5 ${short},Training`, 'Row 4 has the pixel "1.5"'],
    ['pixel-value', `3,x7 ${short},Training`, 'Row 4 has the pixel "x7"'],
    ['pixel-value', `3,1\t2 ${short},Training`, 'Row 4 has the pixel "1'],
    ['pixel-value', `3,${'9'.repeat(5000)} ${short},Training`, `"${'9'.repeat(20)}"`],
  ])('with bad %s is refused, or skipped and counted: case %#', async (fault, bad, message) => {
    const csv = without(2, bad);
    const error = await refusal(parse(csv));
    expect(error).toBeInstanceOf(Fer2013Error);
    expect(error).toMatchObject({ code: 'fer-2013', fault, row: 4 });
    expect(error.message).toContain(message);
    expect(error.message.length).toBeLessThan(200);
    const { training, report } = await parse(csv, { onBadRow: 'skip' });
    expect([...training.labels]).toEqual([0, 1, 3, 4, 5, 6]);
    expect(report.rows).toBe(11);
    const { [fault as 'columns']: counted, ...others } = report.badRows;
    expect(counted.count).toBe(1);
    expect(counted.examples[0]).toContain(message);
    for (const { count } of Object.values(others)) expect(count).toBe(0);
  });

  it('is refused where the file ends too early, wherever in the last row', async () => {
    const start = text.lastIndexOf('\n', text.length - 2) + 1;
    for (const end of [start + 1, start + 2, start + 500, start + 8000, text.length - 3]) {
      const csv = text.slice(0, end);
      expect(await refusal(parse(csv)), `${end}`).toMatchObject({ fault: 'truncated', row: 12 });
      const { report } = await parse(csv, { onBadRow: 'skip' });
      expect(report.badRows.truncated.count).toBe(1);
      expect(report.images).toEqual({ training: 7, validation: 2, test: 1 });
    }
    const quoted = text.replace(/,([\d ]+),/g, ',"$1",').slice(0, -1000);
    expect(await refusal(parse(quoted))).toMatchObject({ fault: 'truncated', row: 12 });
    expect((await parse(text.slice(0, -1))).report.rows).toBe(11);
  });

  it('is refused without a column that is needed', async () => {
    for (const [header, missing] of [
      ['pixels', 'emotion'],
      ['emotion,Usage', 'pixels'],
      [`0,${pixels(0)},Training`, 'emotion and pixels'],
    ] as const) {
      const error = await refusal(parse([header, ...rows].join('\n'), { onBadRow: 'skip' }));
      expect(error).toMatchObject({ fault: 'header', row: 1 });
      expect(error.message).toContain(`has no column ${missing}:`);
      expect(error.message.length).toBeLessThan(300);
    }
  });

  it('is refused without an image', async () => {
    for (const csv of ['', HEADER, `${HEADER}\n3,1 2 3,Training\n`]) {
      const error = await refusal(parse(csv, { onBadRow: 'skip' }));
      expect(error).toMatchObject({ fault: 'empty', row: undefined });
    }
    const error = await refusal(parse(`emotion,pixels\n3,${pixels(0)}\n3,${pixels(1)}\n`));
    expect(error).toMatchObject({ fault: 'empty' });
    expect(error.message).toContain('Of 2 rows, 2 are images');
  });

  it('is refused with a quote that is never closed', async () => {
    const error = await refusal(parse(without(2, `3,"${pixels(0)},Training`)));
    expect(error).toBeInstanceOf(CsvError);
    expect(error.row).toBe(4);
  });

  it.each([
    [{ classes: 'five' as never }, /^classes must be one of "six", "seven"/],
    [{ onBadRow: 'ignore' as never }, /^onBadRow/],
    [{ seed: 0.5 }, /^seed/],
    [{ class: 'six' } as never, /^options of parseFer2013 .*"class"/],
  ] as [Fer2013Options, RegExp][])('refuses %j', async (options, message) => {
    const error = await refusal(parse(text, options));
    expect(error).toBeInstanceOf(OptionError);
    expect(error.message).toMatch(message);
  });
});

describe('readFer2013', () => {
  let folder: string;
  let file: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'fer-2013-'));
    file = path.join(folder, 'fer2013.csv');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('reads a file', async () => {
    await writeFile(file, text);
    const { test, report } = await readFer2013({ file, classes: 'six' });
    expect([...test.labels]).toEqual([5, 0]);
    expect(report.rows).toBe(11);
  });

  it('knows when all of the real data set is there', { timeout: 120_000 }, async () => {
    const lines = USAGES.flatMap((usage, i) => {
      const line = `${row(i, i, usage)}\n`;
      return [28_709, 3589, 3589].slice(i, i + 1).flatMap((count) => Array(count).fill(line));
    });
    const { report, training, test } = await parseFer2013([`${HEADER}\n`, ...lines]);
    expect(report).toMatchObject({ rows: 35_887, isComplete: true });
    expect([training.size, test.size]).toEqual([28_709, 3589]);
    const fewer = await parseFer2013([`${HEADER}\n`, ...lines.slice(1)]);
    expect(fewer.report.isComplete).toBe(false);
  });

  it('says which file is not there', async () => {
    const error = await refusal(readFer2013({ file: path.join(folder, 'no.csv') }));
    expect(error).toBeInstanceOf(Fer2013Error);
    expect(error).toMatchObject({ fault: 'file' });
    expect(error.message).toMatch(/ENOENT.*no\.csv.*Name the CSV/);
    expect(await refusal(readFer2013({ file: folder }))).toMatchObject({ fault: 'file' });
    expect(await refusal(readFer2013({ file: '' }))).toBeInstanceOf(OptionError);
  });
});
