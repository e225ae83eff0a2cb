import { printable } from '../printable.ts';
import { columnsOf } from '../terminal/frame.ts';
import { wrap } from '../terminal/wrap.ts';

/** Says something odd on stderr. */
export function printNote(text: string): void {
  const columns = columnsOf(process.stderr);
  for (const line of wrap(`note: ${printable(text)}`, columns)) console.error(line);
}
