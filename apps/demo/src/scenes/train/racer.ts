import { FastWeightsError, saveWeights } from '@fastweights/core';
import { encodeRetrieval } from '@fastweights/datasets';
import { type Experiment, exportModel, trainingOptions } from '@fastweights/experiments';
import { evaluate, type Progress, trainSupervised } from '@fastweights/trainers';
import { softmax, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { type Deferred, deferred } from './deferred.ts';

/** What a stretch of training has come to. */
export interface Lap {
  readonly update: number;
  /** The share of the unseen strings that it gets wrong, where it was just asked. */
  readonly error?: number;
  /** Spent on this stretch. */
  readonly seconds: number;
  readonly isOver: boolean;
}

/** One network, trained a stretch at a time. */
export interface Racer {
  /** First it is tested untrained; then each call trains up to the next report. */
  advance(): Promise<Lap>;
  /** Of the ten digits. */
  probabilities(text: string): Promise<number[]>;
  /** For `fastweights` and for this page. */
  bytes(): Promise<Uint8Array>;
  dispose(): void;
}

const REPORT_EVERY = 10;

/** `trainSupervised` waits for whoever hears its reports: that is how a network waits for its turn. */
export function racer(experiment: Experiment): Racer {
  const { model, config } = experiment;
  let update = 0;
  let hasStarted = false;
  let arrival = deferred<Progress | undefined>();
  let turn: Deferred<void> | undefined;

  async function train(): Promise<void> {
    await trainSupervised({
      model,
      optimizer: experiment.optimizer(),
      training: await experiment.data.training(),
      validation: await experiment.data.validation(),
      ...trainingOptions(config.training),
      reportEvery: REPORT_EVERY,
      onProgress(progress) {
        turn = deferred();
        arrival.resolve(progress);
        return turn.promise;
      },
    });
    arrival.resolve(undefined);
  }

  async function nextReport(): Promise<Progress | undefined> {
    arrival = deferred();
    if (turn) turn.resolve();
    else train().catch((error: unknown) => arrival.reject(error));
    return arrival.promise;
  }

  return {
    async advance() {
      const begun = performance.now();
      const lap = (): Pick<Lap, 'update' | 'seconds'> => ({
        update,
        seconds: (performance.now() - begun) / 1000,
      });
      if (!hasStarted) {
        hasStarted = true;
        const { error } = await evaluate(model, await experiment.data.validation());
        return { ...lap(), error, isOver: false };
      }
      const progress = await nextReport();
      if (!progress) return { ...lap(), isOver: true };
      update = progress.update;
      const { validationError: error } = progress;
      return { ...lap(), ...(error !== undefined && { error }), isOver: false };
    },
    async probabilities(text) {
      const ids = [...encodeRetrieval(text)];
      const found = tidy(() => softmax(model.predict(tensor2d([ids], [1, ids.length], 'int32'))));
      const values = [...(await found.data())];
      found.dispose();
      return values;
    },
    async bytes() {
      const weights = await saveWeights(model.weights);
      return exportModel({ config, weights, software: 'the page of fastweights' });
    },
    dispose() {
      // What waits for its turn ends with an error, and cleans up after itself.
      turn?.reject(new FastWeightsError('retired', 'Another network has taken its place.'));
      arrival.promise.catch(() => undefined);
      experiment.dispose();
    },
  };
}
