import type { Span, Style } from './line.ts';

/** A piece of a line, with a style or none. */
export type Cell = readonly [style: Style | undefined, text: string];

/** Neighbours of one style become one span. */
export function spansOf(cells: readonly Cell[]): Span[] {
  const spans: [Style | undefined, string][] = [];
  for (const [style, text] of cells) {
    const last = spans.at(-1);
    if (last && last[0] === style) last[1] += text;
    else spans.push([style, text]);
  }
  return spans.map(([style, text]) => (style ? [style, text] : text));
}
