import {
  type PaperTable,
  type PlannedRun,
  paperTables,
  type ReproduceEvent,
} from '@fastweights/experiments';
import type { ImageProgress } from '@fastweights/experiments/node';
import type { Progress } from '@fastweights/trainers';
import { oddRefusals } from '../odd-refusals.ts';
import { paced } from '../paced.ts';
import { printable, printableLines } from '../printable.ts';
import { columnsOf, type Frame, openFrame, roomOf } from '../terminal/frame.ts';
import type { Line } from '../terminal/line.ts';
import { painter } from '../terminal/style.ts';
import { wrap } from '../terminal/wrap.ts';
import type { BackendFacts } from '../training-run/training-job.ts';
import { liveView } from './live-view.ts';
import type { PlanProgress } from './plan-progress.ts';
import type { Beginning, RunProgress } from './run-progress.ts';
import { failureRow, headOf, interruptedRow, progressRow, resultRow, titleOf } from './run-row.ts';

/** Shows how the runs of a plan come along. */
export interface ReproduceDisplay {
  begin(run: PlannedRun, beginning: Beginning): void;
  backend(run: PlannedRun, facts: BackendFacts): void;
  images(run: PlannedRun, progress: ImageProgress): void;
  progress(run: PlannedRun, progress: Progress): void;
  test(run: PlannedRun): void;
  event(event: ReproduceEvent): void;
  /** Something odd, for stderr. */
  note(text: string, run?: PlannedRun): void;
  /** What is going on, while something is. */
  notice(text: string): void;
  close(): void;
}

/** Reports come faster than anybody can read, in ms. */
const BETWEEN_DRAWINGS = 80;
const BETWEEN_IMAGE_LINES = 10_000;

/** Lines of text: those of the runs at work are drawn again in place where `isLive`. */
export function textDisplay(plan: PlanProgress, isLive: boolean): ReproduceDisplay {
  const stream = process.stdout;
  const paint = painter(stream);
  const columns = columnsOf(stream);
  const isImageLineDue = paced(BETWEEN_IMAGE_LINES);
  const isDrawingDue = paced(BETWEEN_DRAWINGS);
  let frame: Frame | undefined;
  let notice: string | undefined;
  let backend = '';
  let head: string | undefined;

  const draw = (): void => {
    if (!isLive || plan.atWork().length === 0) return;
    frame ??= openFrame(stream, paint);
    frame.draw(liveView(plan, notice, roomOf(stream)));
  };
  const lift = (): void => {
    frame?.draw([]);
    frame?.close();
    frame = undefined;
  };
  const write = (line: Line): void => void stream.write(`${paint(line).trimEnd()}\n`);
  const print = ({ table }: PlannedRun, line: Line): void => {
    lift();
    const needed = headOf(paperTables[table] as PaperTable);
    const text = paint(needed);
    if (text !== head) write(needed);
    head = text;
    write(line);
  };
  const note = (text: string, run?: PlannedRun): void => {
    lift();
    const whole = `note: ${run ? `${titleOf(run)}: ` : ''}${printable(text)}`;
    for (const line of wrap(whole, columnsOf(process.stderr))) console.error(line);
    draw();
  };
  stream.on('resize', draw);

  return {
    begin(run, beginning) {
      plan.begin(run, beginning);
      draw();
    },
    backend(run, { name, device, refused }) {
      for (const text of oddRefusals(refused)) note(text, run);
      if (backend === name) return;
      backend = name;
      lift();
      for (const text of wrap(`Computed by ${name}: ${device}.`, columns)) write([['faint', text]]);
      draw();
    },
    images(run, progress) {
      plan.images(run, progress);
      if (isLive) {
        if (isDrawingDue()) draw();
      } else if (isImageLineDue()) print(run, progressRow(plan.of(run) as RunProgress));
    },
    progress(run, progress) {
      const now = plan.advance(run, progress, performance.now());
      if (isLive) {
        if (isDrawingDue() || progress.validationError !== undefined) draw();
      } else if (now && progress.validationError !== undefined) print(run, progressRow(now));
    },
    test(run) {
      plan.test(run);
      draw();
    },
    event(event) {
      const { kind, run, index, of } = event;
      const place = { index, of };
      const update = plan.of(run)?.update ?? 0;
      plan.hear(event);
      if (kind === 'finished' || kind === 'found') print(run, resultRow(run, place, event.result));
      if (kind === 'interrupted') print(run, interruptedRow(run, place, update));
      if (kind === 'failed') {
        print(run, failureRow(run, place));
        console.error(`error: ${titleOf(run)}: ${printableLines(messageOf(event.error))}`);
      }
      draw();
    },
    note,
    notice(text) {
      notice = text;
      draw();
    },
    close() {
      stream.off('resize', draw);
      lift();
    },
  };
}

export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
