import type { AgentConfig } from '@fastweights/experiments';
import { printable } from '../printable.ts';
import { shellQuoted } from '../shell-quoted.ts';
import { count, duration } from '../terminal/format.ts';
import type { Line } from '../terminal/line.ts';
import { wrap } from '../terminal/wrap.ts';
import { nextLines, paragraph, type Suggestion } from '../training/suggestions.ts';
import type { KeptAgentResult } from '../training-run/train-agent-run.ts';
import { blindReward, rewardText } from './agent-view.ts';
import { type TrainAgentOptions, trainAgentCommandOf } from './train-agent-options.ts';

/** An agent's training that is over, or was stopped. */
interface AgentOutcome {
  readonly config: AgentConfig;
  /** What the command line said. */
  readonly options: TrainAgentOptions;
  readonly directory: string;
}

export interface FinishedAgent extends AgentOutcome {
  readonly result: KeptAgentResult;
  /** Whether it was finished before. */
  readonly isOld: boolean;
}

/** What is said after training: how it ended, how well the agent plays, where it is, and what to try next. */
export function agentSummary(outcome: FinishedAgent, columns: number): Line[] {
  const { directory, isOld } = outcome;
  const old = isOld ? 'It was trained before, and nothing was done now. ' : '';
  return [
    [],
    ...wrap(ending(outcome), columns).map((text): Line => [['strong', text]]),
    ...paragraph(played(outcome), columns),
    [],
    ...paragraph(`${old}Saved in ${printable(directory)}.`, columns),
    ...nextLines(choose(outcome), columns),
  ];
}

function ending({ result }: FinishedAgent): string {
  const { frames, episodes, seconds, last } = result;
  const reward = last ? `: mean reward ${rewardText(last.meanReward)} at the end` : '';
  return `Done after ${count(frames)} frames and ${count(episodes)} episodes in ${duration(seconds)}${reward}.`;
}

function played({ result, config }: FinishedAgent): string {
  const { episodes, greedy, sampled } = result.evaluation;
  return (
    `Of ${count(episodes)} games that it has never seen it caught ${share(greedy.meanReward)} with the likeliest ` +
    `moves (mean reward ${rewardText(greedy.meanReward)}), ${share(sampled.meanReward)} with drawn ones ` +
    `(${rewardText(sampled.meanReward)}); who never looks catches ${share(blindReward(config))}.`
  );
}

/** Caught balls are 1, missed ones −1. */
const share = (meanReward: number): string => `${((100 * (meanReward + 1)) / 2).toFixed(1)} %`;

function choose({ config, options, directory, isOld }: FinishedAgent): Suggestion[] {
  const { task, training } = config;
  const run = shellQuoted(directory);
  const { out: _, set = [], ...others } = options;
  const longer = {
    ...others,
    set: set.filter((setting) => !/^(training\.)?maxFrames=/.test(setting)),
    frames: 2 * training.maxFrames,
  };
  return [
    { command: `watch ${run}`, why: 'see it play, and what it remembers' },
    { command: `play ${task} --against ${run}`, why: 'play against it' },
    isOld
      ? { command: trainAgentCommandOf(task, { ...options, again: true }), why: 'train it anew' }
      : { command: trainAgentCommandOf(task, longer), why: 'give it longer' },
  ];
}

export interface StoppedAgent extends AgentOutcome {
  readonly frames: number;
  readonly meanReward: number | undefined;
}

/** What is said when training was stopped. */
export function stoppedAgentSummary(
  { config, options, directory, frames, meanReward }: StoppedAgent,
  columns: number,
): Line[] {
  const reward = meanReward === undefined ? '' : `: mean reward ${rewardText(meanReward)}`;
  return [
    [],
    ...wrap(`Stopped after ${count(frames)} frames${reward}.`, columns).map(
      (text): Line => [['strong', text]],
    ),
    ...paragraph(`Saved in ${printable(directory)}; the same command goes on.`, columns),
    ...nextLines(
      [
        { command: trainAgentCommandOf(config.task, options), why: 'go on where it was' },
        { command: `watch ${shellQuoted(directory)}`, why: 'see it play so far' },
      ],
      columns,
    ),
  ];
}
