import { paced } from '../paced.ts';
import { printableJson } from '../printable.ts';
import type { TrainingDisplay } from './training-display.ts';
import {
  afterProgress,
  secondsLeft,
  type TrainingState,
  updatesPerSecond,
} from './training-state.ts';

const BETWEEN_IMAGES = 1000;

/** One JSON object per line, each with an `event`. */
export function jsonDisplay(start: TrainingState): TrainingDisplay {
  const isDue = paced(BETWEEN_IMAGES);
  let startedAt = performance.now();
  let state = start;
  return {
    asks() {},
    images(progress) {
      startedAt = performance.now();
      if (isDue()) printEvent('images', progress);
    },
    progress(progress) {
      state = afterProgress(state, progress, (performance.now() - startedAt) / 1000);
      printEvent('progress', {
        ...progress,
        maxUpdates: state.config.training.maxUpdates,
        updatesPerSecond: updatesPerSecond(state),
        secondsLeft: secondsLeft(state),
      });
    },
    test: () => printEvent('testing', {}),
    notice() {},
    close() {},
  };
}

export const printEvent = (event: string, facts: object): void =>
  console.log(printableJson({ event, ...facts }));
