import { FastWeightsError } from '@fastweights/core';

/** Text or bytes in UTF-8, in pieces of any size: a file need never be in memory as a whole. */
export type TextChunks = AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;

export interface CsvRow {
  /** 1 is the first row of the file, as a spreadsheet counts. */
  readonly row: number;
  readonly fields: readonly string[];
  /** The file ends within this row: no line break follows. */
  readonly isCut: boolean;
}

/** Text that is no CSV: from which row on. */
export class CsvError extends FastWeightsError {
  readonly row: number;

  constructor(row: number, sentence: string) {
    super('csv', `Row ${row} ${sentence}.`);
    this.row = row;
  }
}

const LONGEST = 1 << 20;

/**
 * Rows of a CSV, in the order of the file: fields between commas, in quotes where they hold commas or line breaks;
 * Windows' line breaks and a byte order mark are taken. Empty lines are counted, and not given.
 *
 * @throws CsvError where a row is longer than a million characters, or a quote is never closed
 */
export async function* csvRows(chunks: TextChunks): AsyncGenerator<CsvRow> {
  let row = 1;
  let parts: string[] = [];
  let isOpen = false;
  let length = 0;
  for await (const [line, isCut] of lines(chunks)) {
    parts.push(line);
    length += line.length + 1;
    if (length > LONGEST) throw tooLong(row);
    isOpen = leavesOpen(line, isOpen);
    const isOneLine = parts.length === 1;
    if (isOpen && !(isCut && isOneLine)) continue;
    const text = isOpen ? `${line}"` : parts.join('\n');
    if (text.trim() !== '') yield { row, fields: fieldsOf(text), isCut };
    [row, parts, isOpen, length] = [row + 1, [], false, 0];
  }
  if (isOpen) throw new CsvError(row, 'has a quote that is never closed');
}

/** Lines without their breaks, and whether the file ends in the line. */
async function* lines(chunks: TextChunks): AsyncGenerator<readonly [string, boolean]> {
  let rest = '';
  let count = 0;
  for await (const text of texts(chunks)) {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts) yield [line.endsWith('\r') ? line.slice(0, -1) : line, false];
    count += parts.length;
    if (rest.length > LONGEST) throw tooLong(count + 1);
  }
  if (rest !== '') yield [rest, true];
}

async function* texts(chunks: TextChunks): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let isFirst = true;
  for await (const chunk of chunks) {
    const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    if (text === '') continue;
    yield isFirst ? text.replace(/^\uFEFF/, '') : text;
    isFirst = false;
  }
  yield decoder.decode();
}

/** Whether a quoted field goes on into the next line. A quote opens one only where a field begins; elsewhere it is a character. */
function leavesOpen(line: string, wasOpen: boolean): boolean {
  if (!wasOpen && !line.includes('"')) return false;
  let isOpen = wasOpen;
  let isStart = !wasOpen;
  for (let at = 0; at < line.length; at++) {
    const character = line[at];
    if (isOpen) {
      if (character !== '"') continue;
      if (line[at + 1] === '"') at++;
      else isOpen = false;
    } else if (character === '"' && isStart) {
      isOpen = true;
    } else if (character === ',') {
      isStart = true;
      continue;
    } else if (character === ' ' || character === '\t') {
      continue;
    }
    isStart = false;
  }
  return isOpen;
}

function fieldsOf(line: string): string[] {
  if (!line.includes('"')) return line.split(',').map((field) => field.trim());
  const fields = line.matchAll(/(?:^|,)\s*(?:"((?:[^"]|"")*)"\s*(?=,|$)|([^,]*))/g);
  return Array.from(
    fields,
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  ).map((field) => field.trim());
}

const tooLong = (row: number): CsvError =>
  new CsvError(row, `is longer than ${LONGEST} characters: this is no CSV`);
