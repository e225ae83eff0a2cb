import { type ChartMark, chart, rewards as rewardScale } from '../terminal/chart.ts';
import { count, duration } from '../terminal/format.ts';
import { joinFitting, type Line } from '../terminal/line.ts';
import { progressBar } from '../terminal/progress-bar.ts';
import { sizeOf } from '../training/task-words.ts';
import {
  type AgentView,
  blindReward,
  boardWords,
  framesPerSecond,
  rewardText,
  secondsLeft,
} from './agent-view.ts';

interface Room {
  readonly columns: number;
  readonly rows: number;
}

const GAP = '   ';
const INDENT = 9;
const WIDEST = 120;
const HIGHEST = 18;
const LOWEST = 5;
/** The rows below a plot, for its axis. */
const AXIS = 2;

/** The picture of an agent's training, no larger than the room there is. */
export function agentFrame(view: AgentView, room: Room): Line[] {
  const columns = Math.min(room.columns, WIDEST);
  const head = [titleLine(view, columns), setupLine(view, columns)];
  const notice: Line[] = view.notice ? [[['faint', view.notice]]] : [];
  const foot = [framesLine(view, columns), rewardLine(view, columns), ...notice];
  const caption: Line = [['faint', 'Mean reward of the episodes since the point before']];
  const left = room.rows - head.length - foot.length;
  const blank: Line[] = left >= LOWEST + AXIS + 3 + 4 ? [[]] : [];
  const height = Math.min(left - 1 - AXIS - 2 * blank.length, HIGHEST);
  if (height < LOWEST) return [...head, ...foot].slice(0, room.rows);
  return [...head, ...blank, caption, ...curve(view, columns, height), ...blank, ...foot];
}

function titleLine({ config }: AgentView, columns: number): Line {
  const parts: Line[] = [
    [['strong', 'Learning to catch']],
    [boardWords(config)],
    [['faint', 'where will the ball come down?']],
  ];
  return joinFitting(parts, GAP, columns);
}

function setupLine({ config, backend, weightCount, workers }: AgentView, columns: number): Line {
  const learners = `${workers} ${workers === 1 ? 'worker' : 'workers'}`;
  const parts: Line[] = [
    [['faint', sizeOf(config)]],
    [['faint', `${count(weightCount)} weights`]],
    [['faint', learners]],
    [['faint', backend]],
    [['faint', `seed ${config.seed}`]],
  ];
  return joinFitting(parts, ' · ', columns);
}

function curve({ config, rewards }: AgentView, width: number, height: number): Line[] {
  const marks: ChartMark[] = [
    {
      y: blindReward(config),
      labels: ['who never looks', 'blind'],
      style: 'faint',
    },
  ];
  const { maxFrames: xMax } = config.training;
  return chart(rewards, { width, height, xMax, xLabel: 'frames', marks, scale: rewardScale });
}

function framesLine(view: AgentView, columns: number): Line {
  const { frames, config } = view;
  const { maxFrames } = config.training;
  const most = count(maxFrames);
  const left = secondsLeft(view);
  const parts: Line[] = [
    [label('frame'), count(frames).padStart(most.length), ['faint', ` of ${most}`]],
    progressBar(frames / maxFrames),
    [`${count(Math.round(framesPerSecond(view)))} frames/s`],
    [left === undefined ? '…' : `${duration(left)} left`],
  ];
  return joinFitting(parts, GAP, columns);
}

function rewardLine({ rewards, best, entropy, episodes }: AgentView, columns: number): Line {
  const last = rewards.at(-1);
  const parts: Line[] = [
    [label('reward'), last ? ['read', rewardText(last.y).padStart(5)] : ['faint', '    –']],
    [['faint', best ? `best ${rewardText(best.y)} at frame ${count(best.x)}` : 'best –']],
    [`entropy ${entropy === undefined ? '–' : entropy.toFixed(3)}`],
    [['faint', `${count(episodes)} episodes`]],
  ];
  return joinFitting(parts, GAP, columns);
}

const label = (text: string): Line[number] => ['faint', text.padEnd(INDENT)];
