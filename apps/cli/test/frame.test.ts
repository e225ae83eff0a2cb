import { describe, expect, it } from 'vitest';
import { openFrame } from '../src/terminal/frame.ts';
import type { Line } from '../src/terminal/line.ts';
import { plainPaint } from '../src/terminal/style.ts';

const ESCAPE = '\x1b';
const PIECES = new RegExp(`${ESCAPE}\\[[?\\d]*[A-Za-z]|[^]`, 'g');

/** As much of a terminal as the frame uses; it scrolls without end, and any other sequence is an error. */
function terminal(columns: number, rows: number) {
  const screen: string[] = ['$ fastweights', ''];
  let [row, column] = [1, 0];
  let cursorShown = true;
  let written = '';
  function put(character: string): void {
    if (column >= columns) throw new Error('the line has wrapped');
    const line = (screen[row] ?? '').padEnd(column);
    screen[row] = line.slice(0, column) + character + line.slice(column + 1);
    column++;
  }
  function obey(sequence: string): void {
    const [, number = '', command] = /^.\[([?\d]*)([A-Za-z])$/.exec(sequence) ?? [];
    if (command === 'A') row -= Number(number);
    else if (command === 'K') screen[row] = (screen[row] ?? '').slice(0, column);
    else if (command === 'J') screen.splice(row, Infinity, (screen[row] ?? '').slice(0, column));
    else if (number === '?25') cursorShown = command === 'h';
    else throw new Error(`unknown: ${JSON.stringify(sequence)}`);
  }
  const stream = {
    columns,
    rows,
    isTTY: true,
    write(text: string) {
      written += text;
      for (const [piece] of text.matchAll(PIECES)) {
        if (piece.length > 1) obey(piece);
        else if (piece === '\n') [row, column] = [row + 1, 0];
        else if (piece === '\r') column = 0;
        else put(piece);
      }
      return true;
    },
  };
  return {
    stream: stream as unknown as NodeJS.WriteStream & { columns: number },
    lines: () =>
      screen
        .map((line) => line.trimEnd())
        .join('\n')
        .trimEnd()
        .split('\n'),
    cursorShown: () => cursorShown,
    takeWritten: () => {
      const taken = written;
      written = '';
      return taken;
    },
  };
}

const lines = (...texts: string[]): Line[] => texts.map((text) => [text]);

describe('a frame', () => {
  it('is drawn again in place, whether it grows or shrinks', () => {
    const { stream, lines: shown } = terminal(40, 10);
    const frame = openFrame(stream, plainPaint);
    frame.draw(lines('one', 'two is long', 'three'));
    frame.draw(lines('1', '2'));
    expect(shown()).toEqual(['$ fastweights', '1', '2']);
    frame.draw(lines('uno', '', 'tres', 'cuatro'));
    expect(shown()).toEqual(['$ fastweights', 'uno', '', 'tres', 'cuatro']);
    frame.close();
    stream.write('after\n');
    expect(shown()).toEqual(['$ fastweights', 'uno', '', 'tres', 'cuatro', 'after']);
  });

  it('is cut to the terminal', () => {
    const { stream, lines: shown } = terminal(10, 4);
    const frame = openFrame(stream, plainPaint);
    frame.draw(lines('0123456789abc', 'b', 'c', 'd', 'e'));
    frame.close();
    expect(shown()).toEqual(['$ fastweights', '012345678', 'b', 'c']);
  });

  it('counts the rows into which a narrower window breaks its lines', () => {
    const { stream, takeWritten } = terminal(40, 20);
    const frame = openFrame(stream, plainPaint);
    frame.draw(lines('x'.repeat(39), 'short', ''));
    takeWritten();
    stream.columns = 15;
    frame.draw(lines('y'));
    frame.close();
    expect(takeWritten().startsWith(`\r${ESCAPE}[5A`)).toBe(true);
  });

  it('erases no line before it is overwritten, which would flicker', () => {
    const { stream, takeWritten } = terminal(40, 20);
    const frame = openFrame(stream, plainPaint);
    frame.draw(lines('a', 'b'));
    takeWritten();
    frame.draw(lines('c', 'd'));
    expect(takeWritten()).toBe('\r\x1b[2Ac\x1b[K\nd\x1b[K\n\x1b[J');
    frame.close();
  });

  it('hides the cursor, and shows it again at its end or the end of the process', () => {
    const { stream, cursorShown } = terminal(40, 20);
    const listeners = process.listeners('exit');
    const frame = openFrame(stream, plainPaint);
    expect(cursorShown()).toBe(false);
    const [atExit] = process.listeners('exit').filter((listener) => !listeners.includes(listener));
    atExit?.call(process, 1);
    expect(cursorShown()).toBe(true);
    frame.close();
    expect(cursorShown()).toBe(true);
    expect(process.listeners('exit')).toEqual(listeners);
  });
});
