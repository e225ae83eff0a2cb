import { checkInteger, checkKeys, checkRange, OptionError } from '@fastweights/core';
import type { TensorContainerObject } from '@tensorflow/tfjs-core';
import { checkSchedule } from '../schedule.ts';
import type { AgentOptions } from './agent-options.ts';
import type { AgentState } from './agent-state.ts';

/** All options, checked, with their defaults. */
export type AgentSettings<State extends TensorContainerObject> = AgentOptions<State> &
  Required<
    Pick<
      AgentOptions,
      'discount' | 'entropyBonus' | 'valueWeight' | 'seed' | 'reportEvery' | 'saveEvery'
    >
  > & { readonly horizon: number };

const KEYS = [
  'agent',
  'environment',
  'optimizer',
  'horizon',
  'discount',
  'entropyBonus',
  'valueWeight',
  'annealing',
  'maxFrames',
  'seed',
  'reportEvery',
  'onProgress',
  'from',
  'saveEvery',
  'onState',
  'shared',
  'signal',
];

export function agentSettings<State extends TensorContainerObject>(
  options: AgentOptions<State>,
): AgentSettings<State> {
  checkKeys('trainAgent', options, KEYS);
  const { agent, environment, maxFrames, annealing, from } = options;
  const { horizon = Number.POSITIVE_INFINITY, discount = 0.99, entropyBonus = 0.01 } = options;
  const { valueWeight = 0.5, seed = 0, reportEvery = 10_000, saveEvery = 100_000 } = options;
  if (horizon !== Number.POSITIVE_INFINITY) checkInteger('horizon', horizon, 1);
  checkRange('discount', discount, 0, 1);
  checkRange('entropyBonus', entropyBonus, 0, Number.MAX_VALUE);
  checkRange('valueWeight', valueWeight, 0, Number.MAX_VALUE);
  if (annealing !== undefined) checkSchedule('annealing', annealing);
  checkInteger('maxFrames', maxFrames, 1);
  checkInteger('seed', seed, 0);
  checkInteger('reportEvery', reportEvery, 1);
  checkInteger('saveEvery', saveEvery, 1);
  for (const key of ['observationSize', 'actions'] as const) {
    if (environment[key] === agent[key]) continue;
    const expected = `${agent[key]}, as the agent has it`;
    throw new OptionError(`environment.${key}`, expected, `${environment[key]}`);
  }
  if (from !== undefined) checkState(from);
  return {
    ...options,
    horizon,
    discount,
    entropyBonus,
    valueWeight,
    seed,
    reportEvery,
    saveEvery,
  };
}

/** Throws unless the plain parts are such as training leaves them; the rest is for whoever takes it up. */
function checkState(from: AgentState): void {
  if (typeof from !== 'object' || from === null) {
    throw new OptionError('from', 'an object', String(from));
  }
  for (const name of ['frames', 'updates', 'episodes'] as const) {
    checkInteger(`from.${name}`, from[name], 0);
  }
  const { sums } = from;
  if (typeof sums !== 'object' || sums === null) {
    throw new OptionError('from.sums', 'an object', String(sums));
  }
  for (const name of ['reported', 'updates', 'episodes'] as const) {
    checkInteger(`from.sums.${name}`, sums[name], 0);
  }
  for (const name of ['rewards', 'loss', 'policyLoss', 'valueLoss', 'entropy'] as const) {
    checkRange(`from.sums.${name}`, sums[name], -Number.MAX_VALUE, Number.MAX_VALUE);
  }
}
