import type { PlannedRun, ReproduceEvent } from '@fastweights/experiments';
import { printable, printableJson } from '../printable.ts';
import { messageOf, type ReproduceDisplay } from './reproduce-display.ts';
import {
  advance,
  beginRun,
  type RunProgress,
  secondsLeft,
  updatesPerSecond,
} from './run-progress.ts';

/** One JSON object per line, each with an `event`. */
export function jsonDisplay(): ReproduceDisplay {
  let current: RunProgress | undefined;
  return {
    begin(run, update) {
      current = beginRun(run, update);
    },
    backend: ({ name, device }) => printJson({ event: 'backend', name, device }),
    progress(run, progress) {
      current = advance(current ?? beginRun(run, 0), progress, performance.now());
      printJson({
        event: 'progress',
        ...idOf(run),
        ...progress,
        maxUpdates: run.config.training.maxUpdates,
        updatesPerSecond: updatesPerSecond(current),
        secondsLeft: secondsLeft(current),
      });
    },
    test: (run) => printJson({ event: 'testing', ...idOf(run) }),
    event: (event) => printJson(plainEvent(event)),
    note: (text) => console.error(`note: ${printable(text)}`),
    notice() {},
    close() {},
  };
}

export const printJson = (value: unknown): void => console.log(printableJson(value));

/** What tells a run from the others of its plan. */
export const idOf = ({ model, units, seed, hash }: PlannedRun): object => ({
  model,
  units,
  seed,
  hash,
});

function plainEvent(event: ReproduceEvent): object {
  const { kind, run, index, of } = event;
  const plain = { event: kind, ...idOf(run), run: index + 1, of };
  if ('result' in event) {
    const { curve: _, ...result } = event.result;
    return { ...plain, result };
  }
  return 'error' in event ? { ...plain, error: messageOf(event.error) } : plain;
}
