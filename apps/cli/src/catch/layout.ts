import type { CatchWorld } from '@fastweights/datasets';
import type { Line } from '../terminal/line.ts';
import type { Room } from '../terminal/stage.ts';
import { wrap } from '../terminal/wrap.ts';
import { boardRoom, type Scale } from './board.ts';

/** How a picture is put together: boards side by side, and what there is to say beside them or beneath. */
export interface Layout {
  readonly scale: Scale;
  /** Columns beside the boards; 0 where it is said beneath. */
  readonly panel: number;
}

export interface Wanted {
  readonly size: number;
  readonly boards: number;
  /** Rows of captions, titles and the like around the boards, where what there is to say is beside or beneath them. */
  readonly around: { readonly beside: number; readonly beneath: number };
  /** Without one, nothing is said beside the boards. */
  readonly panel?: Room;
  /** In which order to try. */
  readonly order: readonly (readonly [scale: Scale, place: 'beside' | 'beneath'])[];
}

export const GAP = 3;
const WIDEST_PANEL = 48;

/** The first that fits. */
export function layoutFor(wanted: Wanted, room: Room): Layout | undefined {
  for (const [scale, place] of wanted.order) {
    const { columns, rows } = boardsRoom(wanted, scale);
    if (place === 'beneath') {
      const fits = columns <= room.columns && rows + wanted.around.beneath <= room.rows;
      if (fits) return { scale, panel: 0 };
    } else if (wanted.panel) {
      const left = room.columns - columns - GAP;
      const height = Math.max(rows, wanted.panel.rows) + wanted.around.beside;
      if (left >= wanted.panel.columns && height <= room.rows) {
        return { scale, panel: Math.min(left, WIDEST_PANEL) };
      }
    }
  }
  return undefined;
}

function boardsRoom({ size, boards }: Wanted, scale: Scale): Room {
  const { columns, rows } = boardRoom(size, scale);
  return { columns: boards * columns + (boards - 1) * GAP, rows };
}

/** What stands where no board fits. */
export function tooSmall(wanted: Wanted, { columns, rows }: Room): Line[] {
  const least = boardsRoom({ ...wanted, boards: 1 }, 'small');
  const text =
    `This window is too small: a board of ${wanted.size} × ${wanted.size} needs ${Math.max(least.columns + 1, 30)} columns ` +
    `and ${least.rows + wanted.around.beneath + 1} rows, and here are ${columns + 1} and ${rows + 1}. Make it larger, ` +
    'or the letters smaller. q quits.';
  return wrap(text, columns).map((line) => [line]);
}

/** `← → move · … · q quit`: the first and the last, and of the others those that fit. */
export function keyLine(keys: readonly string[], columns: number): Line {
  for (let kept = keys.length; kept > 1; kept--) {
    const text = [...keys.slice(0, kept - 1), ...keys.slice(-1)].join(' · ');
    if (text.length <= columns) return [['faint', text]];
  }
  return [['faint', keys.at(-1) ?? '']];
}

/** `7 of 16    ░ blank`; the fog lifts in the end. */
export function frameSpans({ frame, size, visibleFrames }: CatchWorld): Line {
  const which = `${frame} of ${size}`.padEnd(` of ${size}`.length + `${size}`.length);
  const isBlank = frame > visibleFrames && frame < size;
  return isBlank ? [which, ['faint', '   ░ blank']] : [which];
}

/** With a blank line above and below the picture, where there is room for them. */
export function page(title: Line, picture: readonly Line[], keys: Line, { rows }: Room): Line[] {
  const gap: Line[] = picture.length + 4 <= rows ? [[]] : [];
  return [title, ...gap, ...picture, ...gap, keys];
}

/** Panels are of one height, so that nothing below moves. */
export const padded = (lines: readonly Line[], { rows }: Room): Line[] => [
  ...lines,
  ...Array<Line>(Math.max(0, rows - lines.length)).fill([]),
];
