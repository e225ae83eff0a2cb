import type { PlannedRun, ReproduceEvent } from '@fastweights/experiments';
import { paced } from '../paced.ts';
import { printable, printableJson } from '../printable.ts';
import type { PlanProgress } from './plan-progress.ts';
import { messageOf, type ReproduceDisplay } from './reproduce-display.ts';
import { secondsLeft, updatesPerSecond } from './run-progress.ts';
import { titleOf } from './run-row.ts';

const BETWEEN_IMAGE_LINES = 1000;

/** One JSON object per line, each with an `event`. */
export function jsonDisplay(plan: PlanProgress): ReproduceDisplay {
  const isImageLineDue = paced(BETWEEN_IMAGE_LINES);
  return {
    begin: plan.begin,
    backend: (run, { name, device }) => printJson({ event: 'backend', ...idOf(run), name, device }),
    images(run, progress) {
      plan.images(run, progress);
      if (isImageLineDue()) printJson({ event: 'images', ...idOf(run), ...progress });
    },
    progress(run, progress) {
      const now = plan.advance(run, progress, performance.now());
      printJson({
        event: 'progress',
        ...idOf(run),
        ...progress,
        maxUpdates: run.config.training.maxUpdates,
        updatesPerSecond: now && updatesPerSecond(now),
        secondsLeft: now && secondsLeft(now),
        planSecondsLeft: plan.secondsLeft(),
      });
    },
    test(run) {
      plan.test(run);
      printJson({ event: 'testing', ...idOf(run) });
    },
    event(event) {
      plan.hear(event);
      printJson(plainEvent(event));
    },
    note: (text, run) => console.error(`note: ${run ? `${titleOf(run)}: ` : ''}${printable(text)}`),
    notice() {},
    close() {},
  };
}

export const printJson = (value: unknown): void => console.log(printableJson(value));

/** What tells a run from the others of its plan. */
export const idOf = ({ table, model, units, seed, hash }: PlannedRun): object => ({
  table,
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
