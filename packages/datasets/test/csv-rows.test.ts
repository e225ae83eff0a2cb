import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CsvRow, csvRows, type TextChunks } from '../src/faces/csv-rows.ts';
import { CsvError } from '../src/index.ts';

async function all(chunks: TextChunks): Promise<CsvRow[]> {
  const rows: CsvRow[] = [];
  for await (const row of csvRows(chunks)) rows.push(row);
  return rows;
}

const fields = async (text: string) => (await all([text])).map((row) => row.fields);

describe('csvRows', () => {
  it('splits rows and fields, and takes the spaces around them away', async () => {
    expect(await fields('a, b ,c\n1,,3\n')).toEqual([
      ['a', 'b', 'c'],
      ['1', '', '3'],
    ]);
  });

  it('takes quotes, with commas, quotes and line breaks in them', async () => {
    expect(await fields('a,"b, c" , "say ""hi"""\n"1\n2",3,""\n')).toEqual([
      ['a', 'b, c', 'say "hi"'],
      ['1\n2', '3', ''],
    ]);
  });

  it('takes a quote inside a field for a character', async () => {
    expect(await fields('a,5" lens,c\n1,6" lens,3\n"x ""y""",2"",4\n')).toEqual([
      ['a', '5" lens', 'c'],
      ['1', '6" lens', '3'],
      ['x "y"', '2""', '4'],
    ]);
  });

  it('takes what Windows writes', async () => {
    expect(await fields('\uFEFFa,b\r\n1,2\r\n')).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
  });

  it('counts rows as a spreadsheet does, empty ones too', async () => {
    const rows = await all(['a\n\n"b\nc"\nd']);
    expect(rows.map(({ row, isCut }) => [row, isCut])).toEqual([
      [1, false],
      [3, false],
      [4, true],
    ]);
  });

  it('gives the same, however the bytes are cut into pieces', async () => {
    const text = 'ä,"b\nß, €"\r\n1, 2\n"x",😀\ny,z';
    const expected = await all([text]);
    const bytes = new TextEncoder().encode(`\uFEFF${text}`);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length)), async (cuts) => {
        const sorted = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
        const pieces = sorted.slice(1).map((end, i) => bytes.subarray(sorted[i], end));
        expect(await all(pieces)).toEqual(expected);
      }),
    );
  });

  it('is empty where there is nothing', async () => {
    expect(await all([])).toEqual([]);
    expect(await all(['', '\n \n', new Uint8Array()])).toEqual([]);
  });

  it('takes a last row that ends within quotes', async () => {
    expect(await all(['a,b\n1,"2 3'])).toMatchObject([{}, { fields: ['1', '2 3'], isCut: true }]);
  });

  it('refuses a quote that is never closed, from its row on', async () => {
    const refused = all(['a\nb,"c\nd\ne\n']);
    await expect(refused).rejects.toThrow(CsvError);
    await expect(refused).rejects.toThrow('Row 2 has a quote that is never closed.');
  });

  it('refuses what is no CSV before all of it is in memory', async () => {
    let taken = 0;
    function* endless(line: string) {
      for (; taken < 1e4; taken++) yield line;
    }
    function* concatenated(...parts: Iterable<string>[]) {
      for (const part of parts) yield* part;
    }
    const refused = all(endless('x'.repeat(10_000)));
    await expect(refused).rejects.toThrow(/^Row 1 is longer/);
    expect(taken).toBeLessThan(120);
    taken = 0;
    await expect(all(concatenated(['a\nb,"'], endless('x\n'.repeat(5000))))).rejects.toThrow(
      /^Row 2 is longer/,
    );
    expect(taken).toBeLessThan(120);
  });
});
