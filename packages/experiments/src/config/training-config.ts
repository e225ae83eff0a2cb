import { z } from 'zod';
import { group, setting, share, whole } from './setting.ts';

/** How a model is trained; `fieldsOf` tells what each setting means. */
export interface TrainingConfig {
  readonly batchSize: number;
  readonly maxUpdates: number;
  readonly validateEvery: number;
  readonly stepSize: number;
  readonly schedule: StepSchedule;
  readonly finalShare: number;
  readonly clipNorm: number;
  readonly targetError: number;
  readonly patience: number;
}

export type StepSchedule = (typeof schedules)[number];

export const schedules = ['constant', 'cosine', 'exponential'] as const;

export function trainingSchema(defaults: Partial<TrainingConfig>): z.ZodType<TrainingConfig> {
  const { maxUpdates = 10_000, validateEvery = 200, stepSize = 0.001 } = defaults;
  const { schedule = 'cosine', finalShare = 0.001, clipNorm = 0 } = defaults;
  return group({
    batchSize: setting(whole(1), 128, 'Examples in a batch; 128 in the paper.'),
    maxUpdates: setting(whole(1), maxUpdates, 'Training ends after so many updates.'),
    validateEvery: setting(whole(1), validateEvery, 'Updates between two validations.'),
    stepSize: setting(
      z.number().positive().max(1),
      stepSize,
      "Adam's step size at the start; the paper names none.",
    ),
    schedule: setting(
      z.enum(schedules),
      schedule,
      'How the step size falls from the first update to the last.',
    ),
    finalShare: setting(
      z.number().positive().max(1),
      finalShare,
      'What the schedule leaves of the step size at the end; nothing to a constant one.',
    ),
    clipNorm: setting(
      z.number().min(0),
      clipNorm,
      'Gradients longer than this are shortened to it; 0 leaves all as they are.',
    ),
    targetError: setting(
      share(),
      0,
      'Training ends once the validation error is below this share; 0: it never is.',
    ),
    patience: setting(
      whole(0),
      0,
      'Training ends after so many validations without a better one; 0: it does not.',
    ),
  });
}
