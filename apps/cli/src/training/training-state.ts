import type { RetrievalConfig } from '@fastweights/experiments';
import type { Progress } from '@fastweights/trainers';
import type { Answer } from '../answers.ts';
import type { ChartPoint } from '../terminal/chart.ts';

/** All that can be shown of a training. */
export interface TrainingState {
  readonly config: RetrievalConfig;
  readonly backend: string;
  readonly weightCount: number;
  readonly update: number;
  readonly seconds: number;
  readonly loss?: number;
  /** The validation errors so far. */
  readonly errors: readonly ChartPoint[];
  readonly best?: ChartPoint;
  /** What the model makes of a few strings just now. */
  readonly answers: readonly Answer[];
  /** A sentence for whoever watches. */
  readonly notice: string;
}

export function afterProgress(
  state: TrainingState,
  progress: Progress,
  seconds: number,
): TrainingState {
  const { update, loss, validationError } = progress;
  const next = { ...state, update, loss, seconds };
  if (validationError === undefined) return next;
  const point = { x: update, y: validationError };
  const isBest = !state.best || validationError < state.best.y;
  return {
    ...next,
    errors: [...state.errors, point],
    best: isBest ? point : (state.best ?? point),
  };
}

export const updatesPerSecond = ({ update, seconds }: TrainingState): number =>
  seconds > 0 ? update / seconds : 0;
