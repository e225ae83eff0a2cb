import type { Batch, Position } from '@fastweights/core';
import { tidy } from '@tensorflow/tfjs-core';
import { type Differentiated, findDivergence, type Moment, momentOf } from './diagnosis.ts';
import { DivergedError } from './diverged-error.ts';
import type { SupervisedSettings } from './supervised-options.ts';
import { positionAfter, rowsAt } from './training-state.ts';
import { differentiate } from './training-step.ts';
import { summedGradients } from './workers/summed-gradients.ts';

/** Moments of a training to look back to when it diverges. */
export interface History {
  take(update: number, position: Position): void;
  /** Looks for the cause of a divergence, by doing the last updates again. The model is left somewhere among them. */
  explain(error: DivergedError): Promise<DivergedError>;
  dispose(): void;
}

/** A loss is read after its update: only the moment before the last is known to have been followed by numbers. */
const MOMENTS = 2;

export function createHistory<B extends Batch>(settings: SupervisedSettings<B>): History {
  const { model, optimizer, training, batchSize, group } = settings;
  let moments: Moment[] = [];
  return {
    take(update, position) {
      const moment = momentOf(model, optimizer, { update, position });
      if (moment) moments.push(moment);
      if (moments.length > MOMENTS) moments.shift()?.dispose();
    },
    async explain(error) {
      const [moment] = moments;
      if (!moment) return error;
      const found = await findDivergence({
        weights: model.weights,
        optimizer,
        moment,
        batches: training.batches(batchSize, moment.position, group),
        differentiated: differentiator(settings, moment.position),
        last: error.update,
      }).catch(() => undefined);
      return found ? new DivergedError(found) : error;
    },
    dispose() {
      for (const moment of moments) moment.dispose();
      moments = [];
    },
  };
}

/** From batch after batch to its gradients, alone or with the others. */
function differentiator<B extends Batch>(
  { model, training, batchSize, group }: SupervisedSettings<B>,
  from: Position,
): (batch: B) => Promise<Differentiated> {
  if (!group) {
    const differentiated = differentiate(model);
    return async (batch) => {
      const { loss, gradients } = tidy(() => ({ ...differentiated(batch) }));
      const [value] = await loss.data<'float32'>();
      loss.dispose();
      return { loss: value as number, gradients };
    };
  }
  const summed = summedGradients(model, group);
  let position = from;
  return (batch) => {
    const rows = rowsAt(position, batchSize, training.size);
    position = positionAfter(position, rows, training.size);
    return summed(batch, rows, { stops: false, breathes: false });
  };
}
