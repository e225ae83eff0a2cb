/** `read`: what the network reads, says, and where it is now. `written`: what it has been told. */
export type Style = 'strong' | 'faint' | 'read' | 'written';

export type Span = string | readonly [style: Style, text: string];

/** A line of text before it is coloured, so that it can be measured and cut. Every character is one column wide. */
export type Line = readonly Span[];

export const textOf = (line: Line): string =>
  line.map((span) => (typeof span === 'string' ? span : span[1])).join('');

export const widthOf = (line: Line): number => textOf(line).length;

/** What fits into so many columns. */
export function clip(line: Line, columns: number): Line {
  let left = columns;
  return line.map((span) => {
    const text = typeof span === 'string' ? span : span[1];
    const kept = text.slice(0, Math.max(left, 0));
    left -= text.length;
    return typeof span === 'string' ? kept : [span[0], kept];
  });
}

/** As many of the parts as fit side by side. */
export function joinFitting(parts: readonly Line[], separator: string, columns: number): Line {
  const joined: Span[] = [];
  for (const part of parts) {
    const next = joined.length > 0 ? [separator, ...part] : part;
    if (widthOf(joined) + widthOf(next) > columns) break;
    joined.push(...next);
  }
  return joined;
}
