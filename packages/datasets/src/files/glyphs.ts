// A letter is three columns and five rows of pixels: one octal digit for each row, from the top.

const GLYPHS: Readonly<Record<string, string>> = {
  0: '75557',
  1: '26227',
  2: '71747',
  3: '71717',
  4: '55711',
  5: '74717',
  6: '74757',
  7: '71122',
  8: '75757',
  9: '75717',
  A: '25755',
  C: '34443',
  E: '74647',
  F: '74644',
  G: '34553',
  I: '72227',
  N: '65555',
  O: '25552',
  R: '65655',
  S: '34216',
};

export const glyphHeight = 5;
/** From one letter to the next. */
const glyphAdvance = 4;

export const glyphsWidth = (text: string): number => text.length * glyphAdvance - 1;

/** Calls back for each pixel of a text that is set; a letter that is not among these leaves a space. */
export function eachGlyphPixel(text: string, set: (x: number, y: number) => void): void {
  [...text].forEach((letter, at) => {
    const rows = GLYPHS[letter] ?? '';
    [...rows].forEach((row, y) => {
      for (let x = 0; x < 3; x++) if ((Number(row) >> (2 - x)) & 1) set(at * glyphAdvance + x, y);
    });
  });
}
