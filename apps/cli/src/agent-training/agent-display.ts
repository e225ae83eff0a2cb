import type { AgentProgress } from '@fastweights/trainers';
import { paced } from '../paced.ts';
import { count, duration } from '../terminal/format.ts';
import { openFrame, roomOf } from '../terminal/frame.ts';
import { painter } from '../terminal/style.ts';
import { printEvent } from '../training/json-display.ts';
import { sizeOf } from '../training/task-words.ts';
import { agentFrame } from './agent-frame.ts';
import {
  type AgentView,
  afterReport,
  boardWords,
  framesPerSecond,
  rewardText,
  secondsLeft,
} from './agent-view.ts';

export interface AgentDisplay {
  progress(progress: AgentProgress): void;
  /** Training is over. */
  test(): void;
  notice(text: string): void;
  /** The picture or the table ends here; what follows is ordinary text. */
  close(): void;
}

const TESTING = 'Playing games that it has never seen …';

/** How many ms there are between two pictures: nobody sees more. */
const BETWEEN = 40;

/** Seconds since this was called. */
function stopwatch(): () => number {
  const startedAt = performance.now();
  return () => (performance.now() - startedAt) / 1000;
}

/** A picture that is drawn again in place. */
export function liveAgentDisplay(start: AgentView): AgentDisplay {
  const stream = process.stdout;
  const frame = openFrame(stream, painter(stream));
  const isDue = paced(BETWEEN);
  const seconds = stopwatch();
  let view = start;
  const draw = (): void => frame.draw(agentFrame(view, roomOf(stream)));
  const notice = (text: string): void => {
    view = { ...view, notice: text };
    draw();
  };
  stream.on('resize', draw);
  draw();
  return {
    progress(progress) {
      view = afterReport(view, progress, seconds());
      if (isDue()) draw();
    },
    test: () => notice(TESTING),
    notice,
    close() {
      stream.off('resize', draw);
      notice('');
      frame.close();
    },
  };
}

const COLUMNS = { frames: 12, reward: 13, entropy: 9, loss: 9, speed: 10, left: 16 };
type Columns = Record<keyof typeof COLUMNS, string>;

/** A line for each report, for pipes and logs. */
export function plainAgentDisplay(start: AgentView): AgentDisplay {
  const seconds = stopwatch();
  let view = start;
  for (const line of introduction(start)) console.log(line);
  return {
    progress(progress) {
      view = afterReport(view, progress, seconds());
      console.log(rowOf(view));
    },
    test: () => console.log(TESTING),
    notice: (text) => console.log(text),
    close() {},
  };
}

function introduction({ config, backend, weightCount, workers }: AgentView): string[] {
  const { maxFrames, worlds } = config.training;
  const learners = workers === 1 ? '1 worker' : `${workers} workers`;
  return [
    `Learning to catch: ${boardWords(config)}.`,
    `${sizeOf(config)}, ${count(weightCount)} weights to learn, backend ${backend}, seed ${config.seed}.`,
    `${count(maxFrames)} frames; ${learners}, each in ${count(worlds)} ${worlds === 1 ? 'game' : 'games'} at once.`,
    '',
    alignRight({
      frames: 'frames',
      reward: 'mean reward',
      entropy: 'entropy',
      loss: 'loss',
      speed: 'frames/s',
      left: 'left',
    }),
  ];
}

function rowOf(view: AgentView): string {
  const left = secondsLeft(view);
  return alignRight({
    frames: count(view.frames),
    reward: rewardText(view.rewards.at(-1)?.y ?? Number.NaN),
    entropy: view.entropy?.toFixed(3) ?? '',
    loss: view.loss?.toFixed(3) ?? '',
    speed: count(Math.round(framesPerSecond(view))),
    left: left === undefined ? '' : duration(left),
  });
}

function alignRight(texts: Columns): string {
  const names = Object.keys(COLUMNS) as (keyof Columns)[];
  return names.map((name) => texts[name].padStart(COLUMNS[name])).join('');
}

/** One JSON object per line, each with an `event`. */
export function jsonAgentDisplay(start: AgentView): AgentDisplay {
  const seconds = stopwatch();
  let view = start;
  return {
    progress(progress) {
      view = afterReport(view, progress, seconds());
      printEvent('progress', {
        ...progress,
        maxFrames: view.config.training.maxFrames,
        framesPerSecond: framesPerSecond(view),
        secondsLeft: secondsLeft(view),
      });
    },
    test: () => printEvent('testing', {}),
    notice() {},
    close() {},
  };
}
