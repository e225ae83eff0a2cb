import { FastWeightsError } from '@fastweights/core';
import { nearest } from './nearest.ts';

export type ConfigProblem = 'unknown' | 'value' | 'contradiction' | 'newer' | 'setting';

interface ConfigFault {
  /** Where, such as `model.units`; empty for the config as a whole. */
  readonly path: string;
  readonly expected: string;
  readonly found: string;
  /** What was probably meant. */
  readonly nearest?: string | undefined;
  readonly cure?: string | undefined;
}

/** A config that cannot be used: where, what was expected there, what was found, and what was probably meant. */
export class ConfigError extends FastWeightsError {
  readonly problem: ConfigProblem;
  readonly path: string;
  readonly expected: string;
  readonly found: string;
  readonly nearest: string | undefined;

  constructor(problem: ConfigProblem, { path, expected, found, nearest, cure }: ConfigFault) {
    const where = path === '' ? 'The config' : path;
    const meant = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
    const remedy = cure === undefined ? '' : ` ${cure}`;
    // All that there is would hide what was meant.
    const isTypo = problem === 'unknown' && nearest !== undefined;
    const fault = isTypo ? 'is unknown' : `must be ${expected}, but it is ${found}`;
    super('config', `${where} ${fault}.${meant}${remedy}`);
    this.problem = problem;
    this.path = path;
    this.expected = expected;
    this.found = found;
    this.nearest = nearest;
  }
}

/** A value as it is shown in an error: short, and on one line. */
export function show(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'number') return String(value);
  const text = jsonOf(value) ?? `a ${typeof value}`;
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** None of what JSON cannot tell, or only in more depth than there is room for. */
function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** Throws unless the word is one of the choices, and says which it probably was. */
export function checkWord<Word extends string>(
  path: string,
  found: unknown,
  choices: readonly Word[],
): asserts found is Word {
  if (choices.includes(found as Word)) return;
  throw new ConfigError('value', {
    path,
    expected: `one of ${choices.join(', ')}`,
    found: show(found),
    nearest: typeof found === 'string' ? nearest(found, choices) : undefined,
  });
}
