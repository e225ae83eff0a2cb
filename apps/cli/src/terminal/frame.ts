import { clip, type Line, widthOf } from './line.ts';
import type { Paint } from './style.ts';

/** Lines of a terminal that are drawn again in place. */
export interface Frame {
  draw(lines: readonly Line[]): void;
  /** Leaves the last drawing on the screen, and the cursor below it. */
  close(): void;
}

const HIDE_CURSOR = '\x1b[?25l';
const SHOW_CURSOR = '\x1b[?25h';
const ERASE_RIGHT = '\x1b[K';
const ERASE_BELOW = '\x1b[J';
const up = (rows: number): string => (rows > 0 ? `\r\x1b[${rows}A` : '\r');

/** The columns and rows a frame may use: the last column would wrap, the last row scroll. */
export function roomOf(stream: NodeJS.WriteStream): { columns: number; rows: number } {
  return { columns: (stream.columns || 80) - 1, rows: (stream.rows || 24) - 1 };
}

/** How wide lines may be: as wide as they like where nobody reads them on a terminal. */
export const columnsOf = (stream: NodeJS.WriteStream): number =>
  stream.isTTY ? roomOf(stream).columns : Number.POSITIVE_INFINITY;

export function openFrame(stream: NodeJS.WriteStream, paint: Paint): Frame {
  let drawn: readonly number[] = [];
  const showCursor = (): void => void stream.write(SHOW_CURSOR);
  // Ctrl-Z gives the terminal back to the shell; afterwards its lines are no longer where they were.
  const pause = (): void => {
    showCursor();
    process.kill(process.pid, 'SIGSTOP');
  };
  const resume = (): void => {
    drawn = [];
    stream.write(HIDE_CURSOR);
  };
  process.on('exit', showCursor).on('SIGTSTP', pause).on('SIGCONT', resume);
  stream.write(HIDE_CURSOR);

  return {
    draw(lines) {
      const { columns, rows } = roomOf(stream);
      const shown = lines.slice(0, rows).map((line) => clip(line, columns));
      // In a window that has become narrower, terminals have broken the old lines.
      const height = drawn.reduce(
        (sum, width) => sum + Math.max(1, Math.ceil(width / (columns + 1))),
        0,
      );
      // Each line is overwritten and then erased to its right: a screen erased first would flicker.
      const text = shown.map((line) => `${paint(line)}${ERASE_RIGHT}\n`).join('');
      stream.write(`${up(height)}${text}${ERASE_BELOW}`);
      drawn = shown.map(widthOf);
    },
    close() {
      process.off('exit', showCursor).off('SIGTSTP', pause).off('SIGCONT', resume);
      showCursor();
    },
  };
}
