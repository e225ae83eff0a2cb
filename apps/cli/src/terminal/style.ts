import type { Line, Style } from './line.ts';

/** Turns a line into what a terminal shows. */
export type Paint = (line: Line) => string;

const RESET = '\x1b[0m';

// Teal is the theme's own cyan, which suits its background; orange has no such colour, and this one reads on both.
const colours: Readonly<Record<Style, readonly [few: string, many: string]>> = {
  strong: ['1', '1'],
  faint: ['2', '38;5;244'],
  read: ['36', '36'],
  written: ['33', '38;5;166'],
};

/** Colours where the stream shows them: not in a pipe, and not with NO_COLOR. */
export function painter(stream: NodeJS.WriteStream): Paint {
  const depth = stream.isTTY ? stream.getColorDepth() : 1;
  return depth === 1 || process.env['NO_COLOR'] ? plainPaint : colourPaint(depth >= 8);
}

export const plainPaint: Paint = (line) =>
  line.map((span) => (typeof span === 'string' ? span : span[1])).join('');

const colourPaint =
  (many: boolean): Paint =>
  (line) =>
    line
      .map((span) => {
        if (typeof span === 'string') return span;
        const [style, text] = span;
        return text && `\x1b[${colours[style][many ? 1 : 0]}m${text}${RESET}`;
      })
      .join('');
