import { retrievalLength } from '@fastweights/datasets';
import type { CatchExperiment } from './catch-config.ts';
import type { AnyConfig, ExperimentConfig } from './config.ts';
import { ConfigError } from './config-error.ts';
import type { RetrievalExperiment } from './retrieval-config.ts';

/** Throws where settings that are each all right do not go together. */
export function checkContradictions(config: AnyConfig): void {
  if (config.task === 'catch') {
    checkCatch(config);
    return;
  }
  checkModel(config);
  checkTraining(config);
  if (config.task === 'retrieval') checkRoom(config);
  if (config.task === 'mnist') checkUnvalidated(config);
  if (config.task === 'faces' && config.data.source === 'synthetic') {
    const { identities, validationIdentities, testIdentities } = config.data;
    if (identities > MOST_PEOPLE) {
      refuse('data.identities', `at most ${MOST_PEOPLE}`, identities);
    }
    const kept = validationIdentities + testIdentities;
    if (identities <= kept) {
      const expected = `more than the ${kept} people of data.validationIdentities and data.testIdentities`;
      refuse('data.identities', expected, identities, 'Somebody must be left to train on.');
    }
  }
}

const MOST_PEOPLE = 1_000_000;
/** Characters that every platform can keep as one array. */
const MOST_CHARACTERS = 2 ** 31 - 1;
/** Numbers of one training step in one array: more are a mistake. */
const MOST_NUMBERS = 2 ** 28;

/** What would only show once there is no memory for it: sizes of the test strings after a whole training. */
function checkRoom({ data, model, training }: RetrievalExperiment): void {
  const length = retrievalLength(data.pairs);
  const mostStrings = Math.floor(MOST_CHARACTERS / length);
  for (const [split, size] of Object.entries(data.sizes)) {
    if (size <= mostStrings) continue;
    const expected = `at most ${mostStrings} with data.pairs ${data.pairs}`;
    refuse(`data.sizes.${split}`, expected, size, 'More do not fit into memory.');
  }
  const mostInBatch = Math.floor(MOST_NUMBERS / (length * model.units));
  if (training.batchSize > mostInBatch) {
    const expected = `at most ${mostInBatch} with model.units ${model.units} and data.pairs ${data.pairs}`;
    refuse('training.batchSize', expected, training.batchSize, 'More do not fit into memory.');
  }
}

function checkModel({ task, data, model }: ExperimentConfig): void {
  if (model.kind === 'a-lstm' && model.units % 2 !== 0) {
    refuse(
      'model.units',
      'even for an a-lstm',
      model.units,
      'It has half as many complex numbers.',
    );
  }
  if (task === 'retrieval') return;
  const side = task === 'mnist' ? 28 : 48;
  if (side % 2 ** data.levels !== 0) {
    const cure = `Images of ${side} pixels have quadrants of ${side / 4}, which cannot be halved.`;
    refuse('data.levels', '2', data.levels, cure);
  }
  if (model.kind === 'fast-weights' && data.levels !== 2) {
    const cure = 'What its cell does at each glimpse is written for 24 of them.';
    refuse('data.levels', '2 for fast-weights', data.levels, cure);
  }
  if (model.kind === 'conv-net' && model.stride > side / 4) {
    refuse('model.stride', `at most the receptive field, ${side / 4}`, model.stride);
  }
}

function checkTraining({ training }: ExperimentConfig): void {
  const { maxUpdates, validateEvery, patience, schedule, finalShare } = training;
  if (patience > 0 && patience * validateEvery >= maxUpdates) {
    const least = Math.ceil(maxUpdates / validateEvery);
    refuse(
      'training.patience',
      `less than ${least}, the validations in training.maxUpdates`,
      patience,
      'As it is, training never ends early.',
    );
  }
  if (schedule !== 'constant' && finalShare === 1) {
    refuse('training.finalShare', `below 1 with schedule ${schedule}`, finalShare);
  }
}

/** Without validation images there is nothing that could tell when to stop. */
function checkUnvalidated({ data, training }: ExperimentConfig & { task: 'mnist' }): void {
  if (data.validation > 0) return;
  for (const key of ['targetError', 'patience'] as const) {
    if (training[key] === 0) continue;
    const cure = 'Keep some images for validation, or train for a number of updates.';
    refuse(`training.${key}`, '0 where data.validation is 0', training[key], cure);
  }
}

function checkCatch({ data, model, training }: CatchExperiment): void {
  const { size, visibleFrames } = data;
  const { worlds, horizon, maxFrames, reportEvery, annealing, finalShare } = training;
  const moves = size - 1;
  if (visibleFrames > size) {
    const cure = 'An episode has no more frames than the screen has rows.';
    refuse('data.visibleFrames', `at most data.size, ${size}`, visibleFrames, cure);
  }
  if (horizon > moves) {
    const expected = `at most ${moves}, the moves of an episode with data.size ${size}`;
    refuse('training.horizon', expected, horizon, 'For a whole episode it is 0.');
  }
  if (maxFrames < worlds * moves) {
    const expected = `at least ${worlds * moves}, one episode in each of training.worlds`;
    refuse('training.maxFrames', expected, maxFrames);
  }
  if (reportEvery > maxFrames) {
    const expected = `at most training.maxFrames, ${maxFrames}`;
    refuse('training.reportEvery', expected, reportEvery, 'As it is, nothing is ever reported.');
  }
  if (annealing !== 'constant' && finalShare === 1) {
    refuse('training.finalShare', `below 1 with annealing ${annealing}`, finalShare);
  }
  const lived = (horizon || moves) * Math.max(size ** 2, model.hidden, model.units);
  const remembered = model.kind === 'fast-weights' ? model.units ** 2 : model.units;
  const mostWorlds = Math.floor(MOST_NUMBERS / Math.max(lived, remembered));
  if (worlds > mostWorlds) {
    const expected = `at most ${mostWorlds} with episodes of this size`;
    refuse('training.worlds', expected, worlds, 'More do not fit into memory.');
  }
}

function refuse(path: string, expected: string, found: unknown, cure?: string): never {
  throw new ConfigError('contradiction', { path, expected, found: String(found), cure });
}
