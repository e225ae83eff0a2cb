import { retrievalLength } from '@fastweights/datasets';
import type { ExperimentConfig } from '@fastweights/experiments';
import { answerSpans } from '../answer-lines.ts';
import type { Answer } from '../answers.ts';
import { printable } from '../printable.ts';
import type { RunSummary } from '../run-records/run-summary.ts';
import { shellQuoted } from '../shell-quoted.ts';
import { asPercent, count, duration, percent, sureness } from '../terminal/format.ts';
import type { Line } from '../terminal/line.ts';
import { wrap } from '../terminal/wrap.ts';
import type { KeptResult } from '../training-run/train-run.ts';
import { nextLines, paragraph, type Suggestion } from './suggestions.ts';
import { type TrainOptions, trainCommandOf } from './train-options.ts';

/** What a network is asked when it has been trained; the last has more pairs than any string of the training. */
export const LONGER_EXAMPLE = 'h4e0l2p8w6y1??p';
export const EXAMPLES: readonly string[] = [
  'c9k8j3f1??c',
  'j0a5s5z2??a',
  'm7b7x0q3??x',
  'a1b2c3d4??d',
];

/** A training that is over, or was stopped. */
export interface Outcome {
  readonly config: ExperimentConfig;
  /** What the command line said. */
  readonly options: TrainOptions;
  readonly directory: string;
  /** Whether `recall` takes this run by itself. */
  readonly isLatest: boolean;
}

export interface Finished extends Outcome {
  readonly result: Pick<KeptResult, 'updates' | 'stopped' | 'best' | 'testError' | 'seconds'>;
  /** Of a model that answers strings. */
  readonly answers: readonly Answer[];
  /** Whether it was finished before. */
  readonly isOld: boolean;
}

export interface Stopped extends Outcome {
  readonly progress: Pick<RunSummary, 'updates' | 'best'>;
}

/** Whether training did what it was to do; without a target that is all updates. */
export const reachedTarget = (
  { stopped }: Pick<KeptResult, 'stopped'>,
  { training }: ExperimentConfig,
): boolean => stopped === 'target' || training.targetError === 0;

/** What is said after training: how it ended, how good the network is, where it is, and what to try next. */
export function summary(outcome: Finished, columns: number): Line[] {
  const { config, answers, directory, isOld } = outcome;
  const old = isOld ? 'It was trained before, and nothing was done now. ' : '';
  return [
    [],
    ...wrap(ending(outcome), columns).map((text): Line => [['strong', text]]),
    ...paragraph(tested(outcome), columns),
    ...(answers.length > 0 ? [[]] : []),
    ...answers.map(
      (answer): Line => ['  ', ...answerSpans(answer), ['faint', comment(answer, config)]],
    ),
    [],
    ...paragraph(`${old}Saved in ${printable(directory)}.`, columns),
    ...nextLines(choose(outcome), columns),
  ];
}

/** What is said when training was stopped. */
export function stoppedSummary(outcome: Stopped, columns: number): Line[] {
  const { config, options, directory, progress } = outcome;
  const { updates, best } = progress;
  const found = best ? `: best validation error ${percent(best.validationError)}` : '';
  const goOn = { command: trainCommandOf(config.task, options), why: 'go on where it was' };
  const ask = { command: recallCommand(EXAMPLES[1], outcome), why: 'see what it knows so far' };
  return [
    [],
    ...wrap(`Stopped after ${amount(updates)}${found}.`, columns).map(
      (text): Line => [['strong', text]],
    ),
    ...paragraph(`Saved in ${printable(directory)}; the same command goes on.`, columns),
    ...nextLines(config.task === 'retrieval' ? [goOn, ask] : [goOn], columns),
  ];
}

const amount = (updates: number): string =>
  `${count(updates)} ${updates === 1 ? 'update' : 'updates'}`;

function ending({ result, config }: Finished): string {
  const { updates, seconds, best, stopped } = result;
  const after = `after ${amount(updates)} in ${duration(seconds)}`;
  const found = `best validation error ${percent(best.validationError)}`;
  const { targetError } = config.training;
  const goal = `${asPercent(targetError)} %`;
  if (stopped === 'target') return `Learnt ${after}: ${found}, under ${goal}.`;
  if (targetError > 0) return `Not learnt ${after}: ${found}, not under ${goal}.`;
  const why = stopped === 'patience' ? ' (it got no better)' : '';
  return `Done ${after}${why}: ${found}.`;
}

function tested({ result, config }: Finished): string {
  const error = `Test error ${percent(result.testError)}`;
  if (config.task !== 'retrieval') return `${error} on images it has never seen.`;
  const { test } = config.data.sizes;
  const wrong = Math.round(result.testError * test);
  return `${error}: ${count(wrong)} wrong of ${count(test)} strings it has never seen.`;
}

function comment(
  { text, answer, expected, probability }: Answer,
  { data }: ExperimentConfig,
): string {
  const pairs = (text.length - retrievalLength(0)) / 2;
  const isMore = 'pairs' in data && pairs > data.pairs;
  const length = isMore ? `, of ${pairs} pairs, more than in training` : '';
  return `  ${sureness(probability)} sure${answer === expected ? '' : `, but it is ${expected}`}${length}`;
}

const recallCommand = (text: string | undefined, { directory, isLatest }: Outcome): string =>
  `recall "${text}"${isLatest ? '' : ` --run ${shellQuoted(directory)}`}`;

/** Twice as many updates are another config, and so another run. */
function longerCommand({ config, options }: Finished): string {
  const { out: _, set = [], ...others } = options;
  const settings = set.filter((setting) => !/^(training\.)?maxUpdates=/.test(setting));
  const updates = 2 * config.training.maxUpdates;
  return trainCommandOf(config.task, { ...others, set: settings, updates });
}

function choose(outcome: Finished): Suggestion[] {
  const { result, config, options, directory, isOld } = outcome;
  const { task, model } = config;
  const again = {
    command: trainCommandOf(task, { ...options, again: true }),
    why: 'train it anew, beside this one',
  };
  const longer = { command: longerCommand(outcome), why: 'give it longer' };
  const first = reachedTarget(result, config) ? (isOld ? [again] : []) : [longer];
  if (task !== 'retrieval') {
    const run = shellQuoted(directory);
    return [
      ...first,
      { command: `evaluate ${run}`, why: 'which classes it takes for which' },
      { command: `runs show ${run}`, why: 'its curve and settings' },
    ];
  }
  const recall = {
    command: recallCommand(EXAMPLES[1], outcome),
    why: model.kind === 'fast-weights' ? 'see what it attends to' : 'ask it something',
  };
  if (!reachedTarget(result, config)) return [longer, recall];
  const [units, why] = model.units < 100 ? [100, 'a larger memory'] : [50, 'a smaller memory'];
  return [
    ...first,
    recall,
    {
      command: recallCommand(LONGER_EXAMPLE, outcome),
      why: 'more pairs than it was trained on',
    },
    { command: `train retrieval --units ${units}`, why },
  ];
}
