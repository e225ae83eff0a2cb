import type { Line } from './line.ts';
import { painter } from './style.ts';

/** On stdout, in colour where it has any. */
export function printLines(lines: readonly Line[]): void {
  const paint = painter(process.stdout);
  for (const line of lines) console.log(paint(line).trimEnd());
}
