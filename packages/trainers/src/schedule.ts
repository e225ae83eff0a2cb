import { checkChoice, checkInteger, checkKeys, checkRange, OptionError } from '@fastweights/core';

/** A learning rate that changes while training goes on, as plain data. */
export type Schedule = CosineSchedule | ExponentialSchedule | LinearSchedule | StepsSchedule;

/** Falls along half a cosine, after it has risen in a straight line. Loshchilov and Hutter 2017, without restarts. */
export interface CosineSchedule {
  readonly kind: 'cosine';
  /** The highest rate. */
  readonly from: number;
  /** The rate at the end, and after it. Default 0. */
  readonly to?: number;
  /** Updates until it is reached, those of the rise included. */
  readonly updates: number;
  /** Updates in which the rate rises to its highest. Default 0. */
  readonly warmUp?: number;
}

/** Halves again and again. */
export interface ExponentialSchedule {
  readonly kind: 'exponential';
  readonly from: number;
  /** Updates in which the rate falls to a half. */
  readonly halfLife: number;
  /** The rate never falls below this. Default 0. */
  readonly least?: number;
}

/** Falls along a straight line, as in Mnih et al. 2016. */
export interface LinearSchedule {
  readonly kind: 'linear';
  readonly from: number;
  /** The rate at the end, and after it. Default 0. */
  readonly to?: number;
  /** Updates until it is reached. */
  readonly updates: number;
}

/** A rate, and another from some update on. */
export interface StepsSchedule {
  readonly kind: 'steps';
  readonly from: number;
  /** In the order of their updates. */
  readonly steps: readonly { readonly update: number; readonly rate: number }[];
}

/** The learning rate of the update that comes after so many. */
export function rateAt(schedule: number | Schedule, update: number): number {
  if (typeof schedule === 'number') return schedule;
  switch (schedule.kind) {
    case 'cosine': {
      const { from, to = 0, updates, warmUp = 0 } = schedule;
      if (update < warmUp) return (from * (update + 1)) / warmUp;
      if (update >= updates) return to;
      const share = (update - warmUp) / (updates - warmUp);
      return to + ((from - to) * (1 + Math.cos(Math.PI * share))) / 2;
    }
    case 'exponential': {
      const { from, halfLife, least = 0 } = schedule;
      return Math.max(from * 0.5 ** (update / halfLife), least);
    }
    case 'linear': {
      const { from, to = 0, updates } = schedule;
      return update < updates ? from + (to - from) * (update / updates) : to;
    }
    case 'steps':
      return schedule.steps.findLast((step) => step.update <= update)?.rate ?? schedule.from;
  }
}

const KEYS = {
  cosine: ['kind', 'from', 'to', 'updates', 'warmUp'],
  exponential: ['kind', 'from', 'halfLife', 'least'],
  linear: ['kind', 'from', 'to', 'updates'],
  steps: ['kind', 'from', 'steps'],
};

/** Throws unless it is a learning rate, or a schedule of some. */
export function checkSchedule(name: string, schedule: number | Schedule): void {
  const checkRate = (key: string, rate: number): void =>
    checkRange(`${name}${key}`, rate, 0, Number.MAX_VALUE);
  if (typeof schedule !== 'object' || schedule === null) {
    checkRate('', schedule);
    return;
  }
  checkChoice(`${name}.kind`, schedule.kind, Object.keys(KEYS));
  checkKeys(name, schedule, KEYS[schedule.kind]);
  checkRate('.from', schedule.from);
  switch (schedule.kind) {
    case 'cosine': {
      const { to = 0, updates, warmUp = 0 } = schedule;
      checkRate('.to', to);
      checkInteger(`${name}.warmUp`, warmUp, 0);
      checkInteger(`${name}.updates`, updates, warmUp + 1);
      break;
    }
    case 'exponential':
      checkRange(`${name}.halfLife`, schedule.halfLife, Number.MIN_VALUE, Number.MAX_VALUE);
      checkRate('.least', schedule.least ?? 0);
      break;
    case 'linear':
      checkRate('.to', schedule.to ?? 0);
      checkInteger(`${name}.updates`, schedule.updates, 1);
      break;
    case 'steps':
      checkSteps(`${name}.steps`, schedule.steps);
      break;
  }
}

function checkSteps(name: string, steps: StepsSchedule['steps']): void {
  if (!Array.isArray(steps)) throw new OptionError(name, 'a list of steps', typeof steps);
  let least = 0;
  for (const [i, step] of (steps as StepsSchedule['steps']).entries()) {
    checkKeys(`${name}[${i}]`, step, ['update', 'rate']);
    checkInteger(`${name}[${i}].update`, step.update, least);
    checkRange(`${name}[${i}].rate`, step.rate, 0, Number.MAX_VALUE);
    least = step.update + 1;
  }
}
