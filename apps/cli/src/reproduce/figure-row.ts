import type { AgentRunResult, PlannedAgentRun } from '@fastweights/experiments';
import { rewardText } from '../agent-training/agent-view.ts';
import { count } from '../terminal/format.ts';
import type { Line } from '../terminal/line.ts';
import type { AgentAtWork } from './figure-progress.ts';
import type { Place } from './run-row.ts';

// One line for each run of a figure, at most 79 columns wide.

const COLUMNS = {
  place: 7,
  board: 5,
  model: -12,
  stage: -9,
  frames: 21,
  speed: 7,
  reward: 6,
} as const;
type Texts = Readonly<Record<keyof typeof COLUMNS, string>>;

export const FIGURE_HEAD: Line = [
  [
    'faint',
    aligned({
      place: 'run',
      board: 'board',
      model: 'model',
      stage: '',
      frames: 'frames',
      speed: 'fr./s',
      reward: 'reward',
    }),
  ],
];

export function agentRow({ run, place, frames, meanReward, framesPerSecond }: AgentAtWork): Line {
  return [
    aligned({
      ...namesOf(run, place),
      frames: `${count(frames)}/${count(run.config.training.maxFrames)}`,
      speed: speedOf(framesPerSecond),
      reward: rewardOf(meanReward),
    }),
  ];
}

/** A run that is over. */
export function agentResultRow(run: PlannedAgentRun, place: Place, result: AgentRunResult): Line {
  const { frames, seconds, curve } = result;
  const text = aligned({
    ...namesOf(run, place),
    frames: count(frames),
    speed: speedOf(seconds > 0 ? frames / seconds : undefined),
    reward: '',
  });
  const reward = rewardOf(curve.at(-1)?.meanReward).padStart(COLUMNS.reward);
  return [text.slice(0, -COLUMNS.reward), ['strong', reward]];
}

export const agentFailureRow = (run: PlannedAgentRun, place: Place): Line => [
  `${nameOf(run, place)}  `,
  ['written', 'failed'],
];

export const agentStoppedRow = (run: PlannedAgentRun, place: Place, frames: number): Line => [
  `${nameOf(run, place)}  `,
  ['faint', `stopped at frame ${count(frames)}`],
];

/** What a run is called where there is no table. */
export const agentTitle = ({ board, model, stage, trial, seed }: PlannedAgentRun): string =>
  `${model} on ${board}, ${stage === 'search' ? `trial ${trial}` : `seed ${seed}`}`;

function nameOf(run: PlannedAgentRun, place: Place): string {
  const texts = { ...namesOf(run, place), frames: '', speed: '', reward: '' };
  return aligned(texts).trimEnd();
}

const namesOf = (
  { board, model, stage, trial, seed }: PlannedAgentRun,
  { index, of }: Place,
): Pick<Texts, 'place' | 'board' | 'model' | 'stage'> => ({
  place: `${index + 1}/${of}`,
  board,
  model,
  stage: stage === 'search' ? `trial ${trial}` : `seed ${seed}`,
});

function aligned(texts: Texts): string {
  const names = Object.keys(COLUMNS) as (keyof Texts)[];
  return names
    .map((name) => {
      const width = COLUMNS[name];
      return width < 0 ? texts[name].padEnd(-width) : texts[name].padStart(width);
    })
    .join(' ');
}

const rewardOf = (reward: number | undefined): string =>
  reward === undefined ? '' : rewardText(reward);

const speedOf = (speed: number | undefined): string =>
  speed === undefined ? '' : count(Math.round(speed));
