import type { ExperimentConfig } from '@fastweights/experiments';
import type { Progress } from '@fastweights/trainers';
import type { Answer } from '../answers.ts';
import type { ChartPoint } from '../terminal/chart.ts';

/** All that can be shown of a training. */
export interface TrainingState {
  readonly config: ExperimentConfig;
  readonly backend: string;
  readonly weightCount: number;
  /** The update that this session began at. */
  readonly began: number;
  readonly update: number;
  /** Of this session. */
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
  progress: Pick<Progress, 'update' | 'loss' | 'validationError'>,
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

export const updatesPerSecond = ({ began, update, seconds }: TrainingState): number =>
  seconds > 0 ? (update - began) / seconds : 0;

/** Until all updates are done; undefined before there is a speed. */
export function secondsLeft(state: TrainingState): number | undefined {
  const speed = updatesPerSecond(state);
  return speed > 0 ? (state.config.training.maxUpdates - state.update) / speed : undefined;
}
