import type { PaperTable, PlannedRun, ReproduceEvent } from '@fastweights/experiments';
import type { Progress } from '@fastweights/trainers';
import { printable, printableLines } from '../printable.ts';
import { type Frame, openFrame, roomOf } from '../terminal/frame.ts';
import type { Line } from '../terminal/line.ts';
import { painter } from '../terminal/style.ts';
import { wrap } from '../terminal/wrap.ts';
import type { BackendFacts } from '../training-run/training-job.ts';
import { advance, beginRun, type RunProgress } from './run-progress.ts';
import {
  failureRow,
  headOf,
  interruptedRow,
  type Place,
  progressRow,
  resultRow,
} from './run-row.ts';

/** Shows how the runs of a plan come along. */
export interface ReproduceDisplay {
  begin(run: PlannedRun, update: number): void;
  backend(facts: BackendFacts): void;
  progress(run: PlannedRun, progress: Progress): void;
  test(run: PlannedRun): void;
  event(event: ReproduceEvent): void;
  /** Something odd, for stderr. */
  note(text: string): void;
  /** What is going on, while something is. */
  notice(text: string): void;
  close(): void;
}

const HINT = 'Ctrl-C saves; the same command goes on.';
/** Nobody needs to be told. */
const USUAL_REFUSALS = ['not-installed', 'no-adapter', 'software-adapter'];

/** Lines of text: the one of the run that is trained is drawn again in place where `isLive`. */
export function textDisplay(table: PaperTable, isLive: boolean): ReproduceDisplay {
  const stream = process.stdout;
  const paint = painter(stream);
  const columns = stream.isTTY ? roomOf(stream).columns : Number.POSITIVE_INFINITY;
  let frame: Frame | undefined;
  let current: RunProgress | undefined;
  let place: Place = { index: 0, of: 0 };
  let notice = HINT;
  let backend = '';
  let hasHead = false;

  const draw = (): void => {
    if (!isLive || !current) return;
    frame ??= openFrame(stream, paint);
    const share = current.update / current.run.config.training.maxUpdates;
    frame.draw([progressRow(current, place), barLine(share, notice)]);
  };
  const lift = (): void => {
    frame?.draw([]);
    frame?.close();
    frame = undefined;
  };
  const print = (line: Line): void => {
    lift();
    if (!hasHead) stream.write(`${paint(headOf(table.columnName)).trimEnd()}\n`);
    hasHead = true;
    stream.write(`${paint(line).trimEnd()}\n`);
  };
  const note = (text: string): void => {
    lift();
    for (const line of wrap(`note: ${printable(text)}`, widthOfErrors())) console.error(line);
    draw();
  };
  stream.on('resize', draw);

  return {
    begin(run, update) {
      current = beginRun(run, update);
      draw();
    },
    backend({ name, device, refused }) {
      for (const { code, message } of refused) {
        if (!USUAL_REFUSALS.includes(code)) note(`not on ${message}`);
      }
      if (backend === name) return;
      backend = name;
      lift();
      for (const text of wrap(`Computed by ${name}: ${device}.`, columns)) {
        stream.write(`${paint([['faint', text]])}\n`);
      }
      draw();
    },
    progress(run, progress) {
      current = advance(current ?? beginRun(run, 0), progress, performance.now());
      if (isLive) draw();
      else if (progress.validationError !== undefined) print(progressRow(current, place));
    },
    test() {
      if (current) current = { ...current, isTested: true };
      draw();
    },
    event(event) {
      const { kind, run, index, of } = event;
      place = { index, of };
      if (kind === 'started' || kind === 'resumed') return;
      if (kind === 'finished' || kind === 'found') print(resultRow(run, place, event.result));
      if (kind === 'interrupted') print(interruptedRow(run, place, current?.update ?? 0));
      if (kind === 'failed') {
        print(failureRow(run, place));
        console.error(`error: ${printableLines(messageOf(event.error))}`);
      }
      current = undefined;
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

const widthOfErrors = (): number =>
  process.stderr.isTTY ? roomOf(process.stderr).columns : Number.POSITIVE_INFINITY;

const BAR = 20;

function barLine(share: number, notice: string): Line {
  const full = Math.round(BAR * Math.min(share, 1));
  return [
    '      ',
    ['read', '━'.repeat(full)],
    [
      'faint',
      `${'─'.repeat(BAR - full)} ${String(Math.floor(100 * share)).padStart(3)} %  ${notice}`,
    ],
  ];
}

export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
