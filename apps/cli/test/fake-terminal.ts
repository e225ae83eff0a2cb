import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import type { Streams } from '../src/terminal/stage.ts';

const ESCAPE = '\x1b';
const PIECES = new RegExp(`${ESCAPE}\\[[?\\d;]*[A-Za-z]|[^]`, 'g');

export interface FakeTerminal extends Streams {
  type(text: string): void;
  resize(columns: number, rows: number): void;
  /** What is on the screen now, without colours. */
  shown(): string[];
  /** How the terminal is set now. */
  modes(): {
    readonly isRaw: boolean;
    readonly isOtherScreen: boolean;
    readonly cursorShown: boolean;
  };
}

/** As much of a terminal as a stage uses: two screens, raw mode and a cursor; any other sequence is an error. */
export function fakeTerminal(columns = 80, rows = 24): FakeTerminal {
  let screen = ['$ fastweights'];
  let saved: string[] | undefined;
  let [row, column] = [1, 0];
  let [isRaw, cursorShown] = [false, true];

  function put(character: string): void {
    if (column >= output.columns) throw new Error('the line has wrapped');
    if (row >= output.rows) throw new Error('the screen has scrolled');
    const line = (screen[row] ?? '').padEnd(column);
    screen[row] = line.slice(0, column) + character + line.slice(column + 1);
    column++;
  }
  function obey(sequence: string): void {
    const [, number = '', command = ''] = /^.\[([?\d;]*)([A-Za-z])$/.exec(sequence) ?? [];
    if (command === 'A') row = Math.max(0, row - Number(number));
    else if (command === 'H') [row, column] = [0, 0];
    else if (command === 'K') screen[row] = (screen[row] ?? '').slice(0, column);
    else if (command === 'J' && number === '2') screen = [];
    else if (command === 'J') screen.splice(row, Infinity, (screen[row] ?? '').slice(0, column));
    else if (number === '?25') cursorShown = command === 'h';
    else if (number === '?1049' && command === 'h') [saved, screen] = [screen, []];
    else if (number === '?1049') [screen, saved] = [saved ?? screen, undefined];
    else if (command !== 'm') throw new Error(`unknown: ${JSON.stringify(sequence)}`);
  }
  const output = Object.assign(new EventEmitter(), {
    columns,
    rows,
    isTTY: true,
    getColorDepth: () => 8,
    write(text: string) {
      for (const [piece] of text.matchAll(PIECES)) {
        if (piece.length > 1) obey(piece);
        else if (piece === '\n') [row, column] = [row + 1, 0];
        else if (piece === '\r') column = 0;
        else put(piece);
      }
      return true;
    },
  });
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode(on: boolean) {
      isRaw = on;
    },
  });
  return {
    input: input as unknown as NodeJS.ReadStream,
    output: output as unknown as NodeJS.WriteStream,
    type: (text) => void input.write(text),
    resize(columns, rows) {
      Object.assign(output, { columns, rows });
      output.emit('resize');
    },
    shown: () => screen.map((line) => line.trimEnd()),
    modes: () => ({ isRaw, isOtherScreen: saved !== undefined, cursorShown }),
  };
}
