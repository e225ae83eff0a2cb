import { checkInteger, checkRange, FastWeightsError } from '@fastweights/core';
import { type RetrievalConfig, retrievalConfig } from '@fastweights/experiments';
import { MOST_INNER_STEPS, MOST_UNITS } from './defaults.ts';
import { printable } from './printable.ts';

const EXPERIMENT = 'retrieval';
const SOFTWARE = 'fastweights';
const LETTERS = 26;

type Check = (name: string, value: number) => void;
const wholeNumber: Check = (name, value) => checkInteger(name, value, 1);
const seed: Check = (name, value) => checkInteger(name, value, 0);
const wholeNumberTo =
  (most: number): Check =>
  (name, value) => {
    checkInteger(name, value, 1);
    checkRange(name, value, 1, most);
  };
const from0To1: Check = (name, value) => checkRange(name, value, 0, 1);
const from0: Check = (name, value) => {
  checkRange(name, value, 0, Infinity);
  // JSON has no Infinity, but 1e400 becomes one.
  checkFinite(name, value);
};

const checks: Readonly<Record<keyof RetrievalConfig, Check>> = {
  units: wholeNumberTo(MOST_UNITS),
  decayRate: from0To1,
  learningRate: from0,
  innerSteps: (name, value) => {
    checkInteger(name, value, 0);
    checkRange(name, value, 0, MOST_INNER_STEPS);
  },
  pairs: wholeNumberTo(LETTERS),
  batchSize: wholeNumber,
  stepSize: from0,
  targetError: from0To1,
  maxUpdates: wholeNumber,
  validateEvery: wholeNumber,
  seed,
};

/** The text of `config.json`. */
export function formatConfig(config: RetrievalConfig, version: string): string {
  const file = { software: `${SOFTWARE} ${version}`, experiment: EXPERIMENT, config };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/**
 * The config in the text of a `config.json`.
 *
 * @throws FastWeightsError with the name of the file, and what is wrong in it.
 */
export function parseConfig(text: string, file: string): RetrievalConfig {
  const wrong = (why: string): FastWeightsError =>
    new FastWeightsError('run', printable(`${file}: ${why}`));
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw wrong(`not JSON: ${(error as Error).message}.`);
  }
  const { software, experiment, config } = record(parsed);
  if (typeof software !== 'string' || !software.startsWith(`${SOFTWARE} `)) {
    throw wrong('not written by fastweights: it does not say "software": "fastweights …".');
  }
  if (experiment !== EXPERIMENT) {
    throw wrong(
      `a run of ${JSON.stringify(experiment)}; only runs of "${EXPERIMENT}" can be used here.`,
    );
  }
  const values = record(config);
  for (const key of Object.keys(values)) {
    if (!Object.hasOwn(checks, key))
      throw wrong(`config.${key} is unknown to this version of fastweights.`);
  }
  for (const [key, check] of Object.entries(checks)) {
    if (!Object.hasOwn(values, key)) throw wrong(`config.${key} is missing.`);
    try {
      check(`config.${key}`, values[key] as number);
    } catch (error) {
      throw wrong((error as Error).message);
    }
  }
  return { ...retrievalConfig, ...values };
}

function checkFinite(name: string, value: number): void {
  if (Number.isFinite(value)) return;
  throw new FastWeightsError('run', `${name} must be a finite number, but it is ${value}.`);
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
