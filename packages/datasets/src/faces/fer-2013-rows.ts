import { FastWeightsError } from '@fastweights/core';
import type { CsvRow } from './csv-rows.ts';

/** What is wrong with a row; a bad last row without a line break is `truncated`. */
export type Fer2013RowFault =
  | 'columns'
  | 'emotion'
  | 'usage'
  | 'pixel-count'
  | 'pixel-value'
  | 'truncated';

export class Fer2013Error extends FastWeightsError {
  readonly fault: Fer2013RowFault | 'file' | 'header' | 'empty';
  /** As a spreadsheet counts: the header is row 1. Undefined where the whole file is at fault. */
  readonly row: number | undefined;

  constructor(
    fault: Fer2013Error['fault'],
    row: number | undefined,
    message: string,
    options?: ErrorOptions,
  ) {
    super('fer-2013', message, options);
    this.fault = fault;
    this.row = row;
  }
}

export const ferSide = 48;
const AREA = ferSide ** 2;
const EMOTIONS = 7;
const USAGES = ['training', 'publictest', 'privatetest'];

export interface Fer2013Columns {
  readonly count: number;
  readonly emotion: number;
  readonly pixels: number;
  /** -1 in the form without one. */
  readonly usage: number;
}

export interface Fer2013Row {
  /** 0 … 6, as in the file. */
  readonly emotion: number;
  readonly pixels: Uint8Array;
  /** 0 training, 1 public test, 2 private test; undefined in the form without. */
  readonly usage: number | undefined;
}

/**
 * Where the columns are: in any order, in upper or lower case, with spaces around.
 *
 * @throws Fer2013Error
 */
export function fer2013Columns({ row, fields }: CsvRow): Fer2013Columns {
  const names = fields.map((name) => name.toLowerCase());
  const missing = ['emotion', 'pixels'].filter((name) => !names.includes(name));
  if (missing.length > 0) {
    const found = fields.join(',').slice(0, 80);
    const sentence = `The file has no column ${missing.join(' and ')}: its first row is "${found}".`;
    const cure = 'FER-2013 has the columns emotion, pixels, and Usage or none.';
    throw new Fer2013Error('header', row, `${sentence} ${cure}`);
  }
  const column = (name: string): number => names.indexOf(name);
  const [emotion, pixels, usage] = [column('emotion'), column('pixels'), column('usage')];
  return { count: names.length, emotion, pixels, usage };
}

/** @throws Fer2013Error */
export function fer2013Row(row: CsvRow, columns: Fer2013Columns): Fer2013Row {
  const { fields } = row;
  if (fields.length !== columns.count) {
    throw fault(row, 'columns', `has ${fields.length} fields, but the header ${columns.count}`);
  }
  const emotion = fields[columns.emotion] ?? '';
  if (!/^\d$/.test(emotion) || Number(emotion) >= EMOTIONS) {
    throw fault(row, 'emotion', `has the emotion "${short(emotion)}", which is none of 0 to 6`);
  }
  const name = fields[columns.usage];
  const usage = name === undefined ? undefined : USAGES.indexOf(name.toLowerCase());
  if (usage === -1) {
    const known = 'which is none of Training, PublicTest and PrivateTest';
    throw fault(row, 'usage', `has the usage "${short(name ?? '')}", ${known}`);
  }
  const pixels = pixelsOf(fields[columns.pixels] ?? '', row);
  return { emotion: Number(emotion), pixels, usage };
}

const SPACE = 32;
const ZERO = 48;

/** Numbers between spaces. */
function pixelsOf(text: string, row: CsvRow): Uint8Array {
  const pixels = new Uint8Array(AREA);
  let count = 0;
  for (let at = 0; at < text.length; ) {
    if (text.charCodeAt(at) === SPACE) {
      at++;
      continue;
    }
    const start = at;
    let value = 0;
    for (; at < text.length && text.charCodeAt(at) !== SPACE; at++) {
      const digit = text.charCodeAt(at) - ZERO;
      value = digit >= 0 && digit <= 9 ? 10 * value + digit : Number.NaN;
    }
    if (!(value <= 255)) {
      const found = `"${short(text.slice(start, at))}"`;
      throw fault(row, 'pixel-value', `has the pixel ${found}, which is none of 0 to 255`);
    }
    if (count < AREA) pixels[count] = value;
    count++;
  }
  if (count !== AREA) throw fault(row, 'pixel-count', `has ${count} pixels, but needs ${AREA}`);
  return pixels;
}

function fault(row: CsvRow, what: Fer2013RowFault, sentence: string): Fer2013Error {
  if (!row.isCut) return new Fer2013Error(what, row.row, `Row ${row.row} ${sentence}.`);
  const end = 'The file ends there without a line break: it is truncated. Get it again.';
  return new Fer2013Error('truncated', row.row, `Row ${row.row} ${sentence}. ${end}`);
}

const short = (text: string): string => text.slice(0, 20);
