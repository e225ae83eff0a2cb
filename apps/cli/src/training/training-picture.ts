import type { Line } from '../terminal/line.ts';

export interface Room {
  readonly columns: number;
  readonly rows: number;
}

/** What the picture of a training is made of, from above. */
export interface TrainingParts {
  readonly head: readonly Line[];
  readonly caption: Line;
  curve(width: number, height: number): Line[];
  readonly foot: readonly Line[];
}

/** Between two things of a line. */
export const GAP = '   ';
/** Where what a label names begins. */
export const INDENT = 9;

const WIDEST = 120;
const HIGHEST = 18;
const LOWEST = 5;
/** The rows below a plot, for its axis. */
const AXIS = 2;

export const label = (text: string): Line[number] => ['faint', text.padEnd(INDENT)];

/** Longer lines are hard to read. */
export const widthOfPicture = ({ columns }: Room): number => Math.min(columns, WIDEST);

/** The parts, no larger than the room there is: without the curve where it would be too low to see. */
export function trainingPicture({ head, caption, curve, foot }: TrainingParts, room: Room): Line[] {
  const left = room.rows - head.length - foot.length;
  const blank: Line[] = left >= LOWEST + AXIS + 3 + 4 ? [[]] : [];
  const height = Math.min(left - 1 - AXIS - 2 * blank.length, HIGHEST);
  if (height < LOWEST) return [...head, ...foot].slice(0, room.rows);
  return [...head, ...blank, caption, ...curve(widthOfPicture(room), height), ...blank, ...foot];
}
