import type { PlannedAgentRun } from '@fastweights/experiments';
import { paced } from '../paced.ts';
import { printableLines } from '../printable.ts';
import { type Frame, openFrame, roomOf } from '../terminal/frame.ts';
import type { Line } from '../terminal/line.ts';
import { progressBar } from '../terminal/progress-bar.ts';
import { painter } from '../terminal/style.ts';
import { printNote } from '../training/print-note.ts';
import type { FigureEvent, FigureProgress } from './figure-progress.ts';
import {
  agentFailureRow,
  agentResultRow,
  agentRow,
  agentStoppedRow,
  agentTitle,
  FIGURE_HEAD,
} from './figure-row.ts';
import type { FigureWatcher } from './figure-runs.ts';
import { printJson } from './json-display.ts';
import { roughDuration } from './live-view.ts';
import { messageOf } from './reproduce-display.ts';

/** Shows how the runs of a figure come along. */
export interface FigureDisplay extends FigureWatcher {
  event(event: FigureEvent): void;
  /** What is going on, while something is. */
  notice(text: string): void;
  close(): void;
}

const BETWEEN_DRAWINGS = 80;
/** Of plain lines about a run at work, in ms. */
const BETWEEN_LINES = 60_000;
const HINT = 'Ctrl-C saves and stops';

/** Lines of text: those of the runs at work are drawn again in place where `isLive`. */
export function figureTextDisplay(plan: FigureProgress, isLive: boolean): FigureDisplay {
  const stream = process.stdout;
  const paint = painter(stream);
  const isDrawingDue = paced(BETWEEN_DRAWINGS);
  const isLineDue = paced(BETWEEN_LINES);
  let frame: Frame | undefined;
  let notice: string | undefined;
  let hasHead = false;

  const draw = (): void => {
    if (!isLive || plan.atWork().length === 0) return;
    frame ??= openFrame(stream, paint);
    const { rows } = roomOf(stream);
    frame.draw([
      ...plan
        .atWork()
        .slice(0, Math.max(1, rows - 2))
        .map(agentRow),
      barLine(),
    ]);
  };
  const barLine = (): Line => {
    const left = plan.secondsLeft();
    const time = left === undefined ? '' : `  ${roughDuration(left)} left`;
    return ['        ', ...progressBar(plan.share()), ['faint', notice ?? `${time}  ${HINT}`]];
  };
  const lift = (): void => {
    frame?.draw([]);
    frame?.close();
    frame = undefined;
  };
  const print = (line: Line): void => {
    lift();
    const lines = hasHead ? [line] : [FIGURE_HEAD, line];
    hasHead = true;
    for (const one of lines) stream.write(`${paint(one).trimEnd()}\n`);
  };
  stream.on('resize', draw);
  return {
    begin(run, frames) {
      plan.begin(run, frames, performance.now());
      draw();
    },
    progress(run, progress) {
      const now = plan.advance(run, progress, performance.now());
      if (isLive) {
        if (isDrawingDue()) draw();
      } else if (now && isLineDue()) print(agentRow(now));
    },
    note(text, run) {
      lift();
      printNote(`${agentTitle(run)}: ${text}`);
      draw();
    },
    event(event) {
      const { kind, run, index, of } = event;
      const place = { index, of };
      const frames = plan.of(run)?.frames ?? 0;
      plan.hear(event);
      if (kind === 'finished' || kind === 'found') print(agentResultRow(run, place, event.result));
      if (kind === 'interrupted') print(agentStoppedRow(run, place, frames));
      if (kind === 'failed') {
        print(agentFailureRow(run, place));
        console.error(`error: ${agentTitle(run)}: ${printableLines(messageOf(event.error))}`);
      }
      draw();
    },
    notice(text) {
      notice = `  ${text}`;
      draw();
    },
    close() {
      stream.off('resize', draw);
      lift();
    },
  };
}

/** One JSON object per line, each with an `event`. */
export function figureJsonDisplay(plan: FigureProgress): FigureDisplay {
  return {
    begin: (run, frames) => plan.begin(run, frames, performance.now()),
    progress(run, progress) {
      const now = plan.advance(run, progress, performance.now());
      printJson({
        ...{ event: 'progress', ...agentIdOf(run), ...progress },
        maxFrames: run.config.training.maxFrames,
        framesPerSecond: now?.framesPerSecond,
        planSecondsLeft: plan.secondsLeft(),
      });
    },
    note(text, run) {
      printJson({ event: 'note', ...agentIdOf(run), text });
      printNote(`${agentTitle(run)}: ${text}`);
    },
    event(event) {
      plan.hear(event);
      const { kind, run, index, of } = event;
      const plain = { event: kind, ...agentIdOf(run), run: index + 1, of };
      if ('result' in event) {
        const { curve: _, ...result } = event.result;
        return printJson({ ...plain, result });
      }
      printJson('error' in event ? { ...plain, error: messageOf(event.error) } : plain);
    },
    notice() {},
    close() {},
  };
}

/** What tells a run from the others of its figure. */
export const agentIdOf = (run: PlannedAgentRun): object => {
  const { figure, board, model, stage, trial, seed, drawn, hash } = run;
  return { figure, board, model, stage, trial, seed, drawn, hash };
};
