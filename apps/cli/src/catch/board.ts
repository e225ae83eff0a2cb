import type { CatchWorld } from '@fastweights/datasets';
import type { Line, Style } from '../terminal/line.ts';
import { type Cell, spansOf } from '../terminal/spans.ts';
import type { Room } from '../terminal/stage.ts';

/** `large`: a pixel is two columns wide and a row high; `small`: a column wide and half a row high. */
export type Scale = 'large' | 'small';

export interface BoardOptions {
  readonly scale: Scale;
  /**
   * `seen`: as the player sees it, blank frames in fog. `through`: ball and paddle in the fog too. `cleared`: without fog, and
   * with the ways that both have taken.
   */
  readonly view: 'seen' | 'through' | 'cleared';
  /** The episode so far, for its ways; the last is drawn. */
  readonly worlds: readonly CatchWorld[];
}

type Pixel = 'empty' | 'ball' | 'paddle' | 'fog' | 'way' | 'paddleWay';

const FRAME = 2;

/** Columns and rows of a board, with its frame. */
export const boardRoom = (size: number, scale: Scale): Room =>
  scale === 'large'
    ? { columns: 2 * size + FRAME, rows: size + FRAME }
    : { columns: size + FRAME, rows: Math.ceil(size / 2) + FRAME };

/** What a world looks like, in a frame. */
export function boardLines(options: BoardOptions): Line[] {
  const pixels = pixelsOf(options);
  const rows = options.scale === 'large' ? largeRows(pixels) : smallRows(pixels);
  const { columns } = boardRoom(pixels.length, options.scale);
  const edge = '─'.repeat(columns - FRAME);
  return [
    [['faint', `╭${edge}╮`]],
    ...rows.map((row): Line => [['faint', '│'], ...spansOf(row), ['faint', '│']]),
    [['faint', `╰${edge}╯`]],
  ];
}

function pixelsOf({ worlds, view }: BoardOptions): Pixel[][] {
  const world = worlds.at(-1) as CatchWorld;
  const { size, frame, visibleFrames } = world;
  const isFoggy = view !== 'cleared' && frame > visibleFrames;
  const screen = Array.from({ length: size }, () => Array<Pixel>(size).fill('empty'));
  const put = (pixel: Pixel, row: number, ...columns: readonly number[]): void => {
    for (const column of columns) (screen[row] as Pixel[])[column] = pixel;
  };
  if (isFoggy) for (const row of screen) row.fill('fog');
  if (isFoggy && view === 'seen') return screen;
  if (view === 'cleared') {
    // The frames of an episode are the rows of its board: in each of them, where paddle and ball were.
    for (const { frame, ball, paddle } of worlds) {
      put('paddleWay', frame - 1, paddle, paddle + 1);
      put('way', frame - 1, ball);
    }
  }
  put('paddle', size - 1, world.paddle, world.paddle + 1);
  put('ball', frame - 1, world.ball);
  return screen;
}

const LARGE: Readonly<Record<Pixel, Cell>> = {
  empty: [undefined, '  '],
  fog: ['faint', '░░'],
  ball: ['written', '██'],
  paddle: ['read', '▀▀'],
  way: ['written', '∙ '],
  paddleWay: ['faint', '··'],
};

const largeRows = (pixels: readonly Pixel[][]): Cell[][] =>
  pixels.map((row) => row.map((pixel): Cell => LARGE[pixel]));

const STYLES: Readonly<Partial<Record<Pixel, Style>>> = {
  fog: 'faint',
  ball: 'written',
  paddle: 'read',
  way: 'written',
  paddleWay: 'faint',
};

/** What is drawn of two pixels, one above the other: the first of these. */
const ORDER: readonly Pixel[] = ['ball', 'paddle', 'way', 'paddleWay', 'fog', 'empty'];

function smallRows(pixels: readonly Pixel[][]): Cell[][] {
  const pairs = pixels.filter((_, row) => row % 2 === 0);
  return pairs.map((upper, i) => {
    const lower = pixels[2 * i + 1];
    return upper.map((above, column) => smallCell(above, lower?.[column] ?? 'empty'));
  });
}

const isSolid = (pixel: Pixel): boolean => pixel === 'ball' || pixel === 'paddle';

function smallCell(above: Pixel, below: Pixel): Cell {
  const first = ORDER.find((pixel) => pixel === above || pixel === below) as Pixel;
  if (!isSolid(first)) return [STYLES[first], { fog: '░', empty: ' ' }[first as string] ?? '·'];
  const halves = isSolid(above) && isSolid(below) ? '█' : isSolid(above) ? '▀' : '▄';
  return [STYLES[first], halves];
}
