import type { z } from 'zod';
import { type RetrievalModelConfig, retrievalModels } from './model-configs.ts';
import { group, name, seedSetting, setting, whole } from './setting.ts';
import type { TaskSchemas } from './task-schemas.ts';
import { type TrainingConfig, trainingSchema } from './training-config.ts';

/** Section 4.1 of the paper: Table 1 and Figure 2. */
export interface RetrievalExperiment {
  readonly version: number;
  readonly task: 'retrieval';
  readonly data: RetrievalData;
  readonly model: RetrievalModelConfig;
  readonly training: TrainingConfig;
  readonly seed: number;
}

export interface RetrievalData {
  readonly source: 'strings';
  readonly pairs: number;
  readonly sizes: {
    readonly training: number;
    readonly validation: number;
    readonly test: number;
  };
  readonly testSeed: number;
}

const LETTERS = 26;

const strings: z.ZodType = group({
  source: name('strings', 'Where the data come from.'),
  pairs: setting(whole(1, LETTERS), 4, 'K: letters with a digit each in a string.'),
  sizes: group({
    training: setting(whole(1), 100_000, 'Strings to train on.'),
    validation: setting(whole(1), 10_000, 'Strings that choose the best weights.'),
    test: setting(whole(1), 20_000, 'Strings for the last word.'),
  }),
  testSeed: seedSetting(2016, 'Of the test strings, which are the same for every model and seed.'),
});

export const retrievalSchemas: TaskSchemas = {
  sources: { strings },
  models: retrievalModels({ units: 50, decayRate: 0.9 }),
  training: trainingSchema({}),
};
