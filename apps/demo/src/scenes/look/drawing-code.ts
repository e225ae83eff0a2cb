import { blank, type Drawing } from './pen.ts';

// A drawing as a word of the address: two pixels in a byte, and base64 without what addresses escape.

const NOTHING = 'blank';

export function writeDrawing(drawing: Drawing): string {
  if (drawing.every((ink) => ink === 0)) return NOTHING;
  const bytes = Array.from(
    { length: drawing.length / 2 },
    (_, i) => 16 * (drawing[2 * i] ?? 0) + (drawing[2 * i + 1] ?? 0),
  );
  const text = btoa(String.fromCharCode(...bytes));
  return text.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

/** Nothing where the text is no drawing. */
export function readDrawing(text: string): Drawing | undefined {
  const drawing = blank();
  if (text === NOTHING) return drawing;
  try {
    const bytes = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
    if (bytes.length !== drawing.length / 2) return undefined;
    [...bytes].forEach((character, i) => {
      const byte = character.charCodeAt(0);
      drawing[2 * i] = byte >> 4;
      drawing[2 * i + 1] = byte & 15;
    });
    return drawing;
  } catch {
    return undefined;
  }
}
