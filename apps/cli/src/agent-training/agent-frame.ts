import { type ChartMark, chart, rewards as rewardScale } from '../terminal/chart.ts';
import { count, duration } from '../terminal/format.ts';
import { joinFitting, type Line } from '../terminal/line.ts';
import { progressBar } from '../terminal/progress-bar.ts';
import { sizeOf } from '../training/task-words.ts';
import {
  GAP,
  label,
  type Room,
  trainingPicture,
  widthOfPicture,
} from '../training/training-picture.ts';
import {
  type AgentView,
  blindReward,
  boardWords,
  framesPerSecond,
  rewardText,
  secondsLeft,
} from './agent-view.ts';

/** The picture of an agent's training, no larger than the room there is. */
export function agentFrame(view: AgentView, room: Room): Line[] {
  const columns = widthOfPicture(room);
  const head = [titleLine(view, columns), setupLine(view, columns)];
  const notice: Line[] = view.notice ? [[['faint', view.notice]]] : [];
  const foot = [framesLine(view, columns), rewardLine(view, columns), ...notice];
  const caption: Line = [['faint', 'Mean reward of the episodes since the point before']];
  return trainingPicture(
    { head, caption, curve: (width, height) => curve(view, width, height), foot },
    room,
  );
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
