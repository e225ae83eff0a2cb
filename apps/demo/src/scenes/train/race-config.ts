import { FastWeightsError } from '@fastweights/core';
import {
  type ExperimentConfig,
  importModel,
  parseConfig,
  type TrainedModel,
} from '@fastweights/experiments';
import { isKind, type Kind, kinds, MOST_UPDATES, styles, UNSEEN, VALIDATE_EVERY } from './kinds.ts';

export interface Entrant {
  readonly kind: Kind;
  readonly units: number;
  readonly seed: number;
}

const PAIRS = 4;
/** More would take minutes where it runs on a processor, and gigabytes of files. */
const MOST_UNITS = 400;

const training = { maxUpdates: MOST_UPDATES, validateEvery: VALIDATE_EVERY };

/** What `fastweights train retrieval` trains with, but for how often it is tested. */
export const configOf = ({ kind, units, seed }: Entrant): ExperimentConfig =>
  parseConfig({
    task: 'retrieval',
    data: { sizes: { validation: UNSEEN } },
    model: { kind, units },
    training,
    seed,
  });

export interface DroppedModel extends TrainedModel {
  readonly kind: Kind;
}

/**
 * A model from a file, to be trained on in the race.
 *
 * @throws FastWeightsError with the reason where it cannot be
 */
export function droppedModel(bytes: Uint8Array): DroppedModel {
  const { config, weights } = importModel(bytes);
  const { kind, units } = config.model;
  if (config.task !== 'retrieval') {
    const what = `The file holds a model of ${config.task}, ${kind}.`;
    throw new FastWeightsError('task', `${what} This race is one of retrieval.`);
  }
  if (!isKind(kind)) {
    const names = kinds.map((name) => styles[name].name).join(', ');
    throw new FastWeightsError(
      'model',
      `The file holds a network of the kind ${kind}; here race ${names}.`,
    );
  }
  const { pairs } = config.data;
  if (pairs !== PAIRS) {
    const what = `The network was trained on strings of ${pairs} pairs`;
    throw new FastWeightsError('data', `${what}; the strings of this race have ${PAIRS}.`);
  }
  if (units > MOST_UNITS) {
    const what = `The network has ${units} units`;
    throw new FastWeightsError('units', `${what}; a page trains at most ${MOST_UNITS}.`);
  }
  const { seed, model, data } = config;
  const sizes = { ...data.sizes, validation: UNSEEN };
  const raced = parseConfig({ task: 'retrieval', data: { ...data, sizes }, model, training, seed });
  return { kind, config: raced, weights };
}
