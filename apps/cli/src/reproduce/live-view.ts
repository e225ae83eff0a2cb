import { chart } from '../terminal/chart.ts';
import { type Line, widthOf } from '../terminal/line.ts';
import type { PlanProgress } from './plan-progress.ts';
import type { RunProgress } from './run-progress.ts';
import { progressRow, shortDuration, titleOf } from './run-row.ts';

// What is drawn again in place: learning curves, a line for each run at work, and how far the plan is.

/** Rows of a chart's plot; with its title and axis it has three more. */
const PLOT = 6;
const CHART = PLOT + 3;
/** So many rows are left to what was printed before, above a chart. */
const ABOVE = 5;
/** A chart that is narrower says little. */
const NARROW = 34;
const GAP = 3;

export interface Room {
  readonly columns: number;
  readonly rows: number;
}

const HINT = 'Ctrl-C saves and stops';

/** @param notice what is to be said in place of the time left */
export function liveView(
  plan: PlanProgress,
  notice: string | undefined,
  { columns, rows }: Room,
): Line[] {
  const working = plan.atWork();
  const shown = working.slice(0, Math.max(1, rows - 2));
  const hidden = working.length - shown.length;
  const lines = [
    ...shown.map(progressRow),
    ...(hidden > 0 ? [[['faint', `      and ${hidden} more`] as const]] : []),
    barLine(plan, notice, columns),
  ];
  const hasRoom = rows >= lines.length + CHART + ABOVE;
  return [...(hasRoom ? charts(working, columns) : []), ...lines];
}

/** As many as there is room for, side by side, once there is something to draw. */
function charts(working: readonly RunProgress[], columns: number): Line[] {
  const most = Math.max(1, Math.floor((columns + GAP) / (NARROW + GAP)));
  const some = working.slice(0, most);
  if (some.every(({ errors }) => errors.length === 0)) return [];
  const width = Math.floor((columns + GAP) / some.length) - GAP;
  const blocks = some.map((progress) => chartOf(progress, Math.min(width, 2 * NARROW)));
  return Array.from(
    { length: CHART },
    (_, row): Line =>
      blocks.flatMap((block, i) => {
        const line = block[row] ?? [];
        const isLast = i === blocks.length - 1;
        return isLast ? line : [...line, ' '.repeat(Math.max(0, width + GAP - widthOf(line)))];
      }),
  );
}

function chartOf({ run, errors }: RunProgress, width: number): Line[] {
  return [
    [
      ['faint', 'valid. error, '],
      ['strong', titleOf(run)],
    ],
    ...chart(errors, {
      ...{ width, height: PLOT, marks: [], xLabel: 'updates' },
      xMax: run.config.training.maxUpdates,
    }),
  ];
}

const BAR = 16;

/** `━━━──  43 %  about 7 min left  Ctrl-C …`: what does not fit is left out. */
function barLine(plan: PlanProgress, notice: string | undefined, columns: number): Line {
  const share = Math.min(plan.share(), 1);
  const full = Math.floor(BAR * share);
  const left = plan.secondsLeft();
  const estimate = left === undefined ? [] : [`${roughDuration(left)} left`];
  const words = [
    `${String(Math.floor(100 * share)).padStart(3)} %`,
    ...(notice === undefined ? [...estimate, HINT] : [notice]),
  ];
  const room = columns - 6 - BAR;
  const fitting = words.filter((_, i) => words.slice(0, i + 1).join('  ').length < room);
  return [
    '      ',
    ['read', '━'.repeat(full)],
    ['faint', `${'─'.repeat(BAR - full)} ${fitting.join('  ')}`],
  ];
}

/** What can be said of a time that is an estimate: `about 2 h 10 min`, `about 7 min`. */
export function roughDuration(seconds: number): string {
  if (seconds < 45) return 'less than a minute';
  const minutes = Math.max(1, Math.round(seconds / 60));
  const whole = minutes < 100 ? minutes : 10 * Math.round(minutes / 10);
  return `about ${shortDuration(60 * whole).replace(' 00 s', '')}`;
}
