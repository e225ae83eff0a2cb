import type { ExperimentConfig } from './config.ts';
import { ConfigError } from './config-error.ts';

/** Throws where settings that are each all right do not go together. */
export function checkContradictions(config: ExperimentConfig): void {
  checkModel(config);
  checkTraining(config);
  if (config.task === 'mnist') checkUnvalidated(config);
  if (config.task === 'faces' && config.data.source === 'synthetic') {
    const { identities, validationIdentities, testIdentities } = config.data;
    const kept = validationIdentities + testIdentities;
    if (identities <= kept) {
      const expected = `more than the ${kept} people of data.validationIdentities and data.testIdentities`;
      refuse('data.identities', expected, identities, 'Somebody must be left to train on.');
    }
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

function refuse(path: string, expected: string, found: unknown, cure?: string): never {
  throw new ConfigError('contradiction', { path, expected, found: String(found), cure });
}
