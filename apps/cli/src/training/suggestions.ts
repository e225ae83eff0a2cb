import { invocation } from '../invocation.ts';
import type { Line } from '../terminal/line.ts';
import { wrap } from '../terminal/wrap.ts';

const INDENT = '  ';
const GAP = '   ';

export const paragraph = (text: string, columns: number): Line[] =>
  wrap(text, columns).map((line): Line => [line]);

/** What to type next. */
export interface Suggestion {
  /** Without the name of the program. */
  readonly command: string;
  readonly why: string;
}

export function nextLines(chosen: readonly Suggestion[], columns: number): Line[] {
  const commands = chosen.map(({ command }) => `${invocation()} ${command}`);
  const width = Math.max(...commands.map((command) => command.length));
  const fits = chosen.every(
    ({ why }) => INDENT.length + width + GAP.length + why.length <= columns,
  );
  const lines = chosen.flatMap(({ why }, i): Line[] => {
    const command = commands[i] ?? '';
    return fits
      ? [[INDENT, ['read', command.padEnd(width)], GAP, ['faint', why]]]
      : [
          [INDENT, ['faint', why]],
          [INDENT, INDENT, ['read', command]],
        ];
  });
  return [[], [['strong', 'What to try next']], ...lines];
}
