import { type CatchWorld, catchText } from '@fastweights/datasets';
import { type Line, textOf } from '../terminal/line.ts';
import { actionNames } from './actions.ts';
import { recallChart } from './recall-chart.ts';
import { missedBy, rewardOf } from './seat.ts';
import { percent, recalledOf, recallText, signed } from './thought-words.ts';
import type { Shot } from './watch-show.ts';

// An agent's game for pipes: text and JSON.

const worldOf = ({ worlds }: Shot): CatchWorld => worlds.at(-1) as CatchWorld;

/** A frame, and what the agent makes of it; the last one of an episode is shown as it is. */
export function plainLines(shot: Shot, reveals: boolean): Line[] {
  const { episode, isEnd, score } = shot;
  const world = worldOf(shot);
  const { frame, size, visibleFrames } = world;
  const title = `episode ${episode}, frame ${frame} of ${size}${frame > visibleFrames ? ', blank' : ''}`;
  const board = catchText(world, { reveal: reveals || isEnd }).split('\n');
  const missed = missedBy(world);
  const verdict = missed === 0 ? 'caught' : `missed by ${missed}`;
  const said = isEnd
    ? [
        `${verdict}; reward ${signed(rewardOf(score), 0)}, caught ${score.caught} of ${score.episodes}`,
      ]
    : thoughtLines(shot);
  return [title, ...board, ...said].map((text): Line => [text]);
}

function thoughtLines(shot: Shot): string[] {
  const { policy, value } = shot.thought;
  const chances = policy.map((share, i) => `${actionNames[i]} ${percent(share)}`).join(', ');
  const recalled = recalledOf(shot);
  return [
    `policy   ${chances}: ${actionNames[shot.action]}`,
    `value    ${signed(value, 3)}`,
    ...(recalled
      ? [
          `recalls  ${textOf(recallChart(recalled, recalled.frames, 1)[0] ?? [])}  ${textOf(recallText(recalled))}`,
        ]
      : []),
  ];
}

/** `frame`: what was seen, thought and done; `episode`: how one has ended. */
export function jsonOf(shot: Shot): object {
  const { episode, isEnd, score, thought, action } = shot;
  const { frame, ball, paddle, visibleFrames } = worldOf(shot);
  if (isEnd) {
    const reward = missedBy(worldOf(shot)) === 0 ? 1 : -1;
    const { caught, episodes } = score;
    return { event: 'episode', episode, frame, ball, paddle, reward, caught, episodes };
  }
  const policy = Object.fromEntries(thought.policy.map((share, i) => [actionNames[i], share]));
  const { value, recalled } = thought;
  return {
    ...{ event: 'frame', episode, frame, isBlank: frame > visibleFrames, ball, paddle },
    ...{ policy, value, action: actionNames[action], recalled },
  };
}
