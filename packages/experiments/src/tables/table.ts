import type { TaskName } from '../config/config.ts';

export type Budget = 'quick' | 'standard' | 'full';

export const budgets: readonly Budget[] = ['quick', 'standard', 'full'];

/** A table or a figure of the paper: its numbers, and how each of its cells is trained here. */
export interface PaperTable {
  /** The word for it on a command line. */
  readonly name: string;
  readonly title: string;
  /** What it shows, in a sentence or two. */
  readonly about: string;
  /** Where the paper's numbers stand. */
  readonly source: string;
  /** What its numbers are: per cent wrong, or per cent right, of the test set. */
  readonly measure: 'error' | 'accuracy';
  /** What is drawn over the updates. */
  readonly curve: 'validation error' | 'validation loss';
  readonly task: TaskName;
  /** Where the data come from; default the task's first source. */
  readonly dataSource?: string;
  /** Settings of the data besides. */
  readonly dataSettings?: Readonly<Record<string, unknown>>;
  readonly rows: readonly TableRow[];
  /** R, or the number of features. */
  readonly columns: readonly number[];
  readonly columnName: string;
  /** What departs from the paper, said under the table. */
  readonly notes: readonly string[];
}

export interface TableRow {
  /** The kind of its model in a config. */
  readonly model: string;
  readonly label: string;
  /** The paper's number for each column, in per cent; none for a row of our own. */
  readonly paper: readonly (number | undefined)[];
  /** Points of the paper's curve, read off by eye. */
  readonly readOff?: readonly CurveReading[];
  /** What is trained, with which budget. */
  readonly plan: Readonly<Record<Budget, RowPlan>>;
  /** Settings of the model besides its kind and units, for each column. */
  readonly settings?: readonly Readonly<Record<string, unknown>>[];
}

export interface CurveReading {
  readonly update: number;
  readonly value: number;
}

export interface RowPlan {
  readonly seeds: number;
  /** For each column. */
  readonly updates: readonly number[];
  /** Adam's step size, for each column. */
  readonly stepSize: readonly number[];
  /** The most that the length of a gradient may be, for each column; default: anything. */
  readonly clipNorm?: readonly number[];
}
