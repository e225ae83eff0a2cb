import { checkKeys, OptionError } from '@fastweights/core';
import type { ReportFacts } from './report.ts';

const KEYS = ['command', 'date', 'software', 'commit', 'machine', 'seconds'];

/** @throws OptionError, here rather than where the report is written */
export function checkFacts(facts: ReportFacts): void {
  checkKeys('a report', facts, KEYS);
  const { command, date, software, commit, machine, seconds } = facts;
  const texts: [string, unknown][] = [
    ['command', command],
    ['date', date],
    ['software', software],
    ...(commit === undefined ? [] : [['commit', commit] as [string, unknown]]),
  ];
  for (const [name, value] of texts) checkText(name, value);
  if (typeof machine !== 'object' || machine === null || Array.isArray(machine)) {
    throw new OptionError('machine', 'an object of texts', shown(machine));
  }
  for (const [name, value] of Object.entries(machine)) checkText(`machine.${name}`, value);
  if (seconds !== undefined && !(typeof seconds === 'number' && seconds >= 0)) {
    throw new OptionError('seconds', 'a number of at least 0', shown(seconds));
  }
}

function checkText(name: string, value: unknown): void {
  if (typeof value !== 'string') throw new OptionError(name, 'a text', shown(value));
}

const shown = (value: unknown): string => JSON.stringify(value) ?? String(value);
