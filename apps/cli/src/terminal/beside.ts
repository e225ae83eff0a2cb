import { type Line, widthOf } from './line.ts';

/** Blocks of lines side by side, with so many columns between them. */
export function beside(blocks: readonly (readonly Line[])[], gap: number): Line[] {
  const height = Math.max(...blocks.map((block) => block.length));
  const widths = blocks.map((block) => Math.max(0, ...block.map(widthOf)));
  return Array.from({ length: height }, (_, row) =>
    blocks.flatMap((block, i): Line => {
      const line = block[row] ?? [];
      const isLast = i === blocks.length - 1;
      const missing = (widths[i] ?? 0) + gap - widthOf(line);
      return isLast ? line : [...line, ' '.repeat(missing)];
    }),
  );
}
