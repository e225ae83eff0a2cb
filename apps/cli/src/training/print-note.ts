import { printable } from '../printable.ts';
import { roomOf } from '../terminal/frame.ts';
import { wrap } from '../terminal/wrap.ts';

/** Says something odd on stderr. */
export function printNote(text: string): void {
  const columns = process.stderr.isTTY ? roomOf(process.stderr).columns : Number.POSITIVE_INFINITY;
  for (const line of wrap(`note: ${printable(text)}`, columns)) console.error(line);
}
