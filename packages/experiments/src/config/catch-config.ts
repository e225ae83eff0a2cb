import { z } from 'zod';
import { type AgentModelConfig, agentModels } from './model-configs.ts';
import { group, name, setting, share, whole } from './setting.ts';
import type { TaskSchemas } from './task-schemas.ts';
import { type StepSchedule, schedules } from './training-config.ts';

/** Section 4.4 of the paper: Figure 5. */
export interface CatchExperiment {
  readonly version: number;
  readonly task: 'catch';
  readonly data: CatchData;
  readonly model: AgentModelConfig;
  readonly training: AgentTrainingConfig;
  readonly seed: number;
}

export interface CatchData {
  readonly source: 'catch';
  /** N of the paper. */
  readonly size: number;
  /** M of the paper. */
  readonly visibleFrames: number;
}

/** How an agent learns; `configFields` tells what each setting means. How many workers learn is no part of it. */
export interface AgentTrainingConfig {
  readonly optimizer: 'adam' | 'rmsprop';
  readonly stepSize: number;
  readonly decay: number;
  readonly epsilon: number;
  readonly annealing: StepSchedule;
  readonly finalShare: number;
  readonly clipNorm: number;
  /** 0 stands for a whole episode. */
  readonly horizon: number;
  readonly discount: number;
  readonly entropyBonus: number;
  readonly valueWeight: number;
  readonly worlds: number;
  readonly maxFrames: number;
  readonly reportEvery: number;
}

const MOST_ROWS = 256;
const MOST_WORLDS = 65_536;

const screens: z.ZodType = group({
  source: name('catch', 'What is played.'),
  size: setting(whole(2, MOST_ROWS), 16, 'N: rows, columns, and frames of an episode.'),
  visibleFrames: setting(
    whole(1, MOST_ROWS),
    3,
    'M: frames that are seen; all after them are blank.',
  ),
});

const training: z.ZodType<AgentTrainingConfig> = group({
  optimizer: setting(z.enum(['adam', 'rmsprop']), 'adam', 'What moves the weights.'),
  stepSize: setting(
    z.number().positive().max(1),
    0.001,
    'The step size at the start; the paper searches for it.',
  ),
  decay: setting(
    z.number().min(0).max(0.9999),
    0.999,
    'What a step leaves of the mean of squared gradients; 0.99 in A3C, with RMSProp.',
  ),
  epsilon: setting(
    z.number().positive().max(1),
    1e-5,
    'Keeps small gradients from becoming large steps: in the root of RMSProp, beside that of Adam.',
  ),
  annealing: setting(
    z.enum(schedules),
    'constant',
    'How the step size falls over the frames of all workers.',
  ),
  finalShare: setting(
    z.number().positive().max(1),
    0.001,
    'What annealing leaves of the step size at the end; nothing to a constant one.',
  ),
  clipNorm: setting(
    z.number().min(0),
    0.5,
    'Gradients longer than this are shortened to it; 0 leaves all as they are.',
  ),
  horizon: setting(
    whole(0),
    0,
    'Moves between two updates at most; 0: an episode is learned from as a whole.',
  ),
  discount: setting(share(), 0.99, 'γ: what a reward is worth one move before it comes.'),
  entropyBonus: setting(
    z.number().min(0),
    0.003,
    'How much is gained by a policy that is not yet sure; 0.01 in A3C.',
  ),
  valueWeight: setting(z.number().min(0), 0.5, 'How much wrong values count beside the policy.'),
  worlds: setting(whole(1, MOST_WORLDS), 16, 'Games that each worker plays at once.'),
  maxFrames: setting(
    whole(1),
    2_000_000,
    'Training ends after so many frames that were acted upon, in all games of all workers.',
  ),
  reportEvery: setting(whole(1), 20_000, 'Frames between two reports of the mean reward.'),
});

export const catchSchemas: TaskSchemas = {
  sources: { catch: screens },
  // The paper searches for both; these learned fastest here.
  models: agentModels({ units: 128, decayRate: 0.9, learningRate: 0.3 }),
  training,
};
