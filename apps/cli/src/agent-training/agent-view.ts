import type { AgentConfig } from '@fastweights/experiments';
import type { AgentProgress } from '@fastweights/trainers';
import type { ChartPoint } from '../terminal/chart.ts';

/** All that can be shown of the training of an agent. */
export interface AgentView {
  readonly config: AgentConfig;
  readonly backend: string;
  readonly weightCount: number;
  readonly workers: number;
  /** The frame that this session began at. */
  readonly began: number;
  readonly frames: number;
  readonly episodes: number;
  /** Of this session. */
  readonly seconds: number;
  /** Of the policy, in nats. */
  readonly entropy?: number;
  readonly loss?: number;
  /** Mean rewards so far. */
  readonly rewards: readonly ChartPoint[];
  readonly best?: ChartPoint;
  /** A sentence for whoever watches. */
  readonly notice: string;
}

type Reported = Pick<AgentProgress, 'frames' | 'episodes' | 'meanReward' | 'entropy' | 'loss'>;

export function afterReport(view: AgentView, progress: Reported, seconds: number): AgentView {
  const { frames, episodes, meanReward, entropy, loss } = progress;
  const point = { x: frames, y: meanReward };
  const best = view.best && view.best.y >= meanReward ? view.best : point;
  const rewards = [...view.rewards, point];
  return { ...view, frames, episodes, entropy, loss, seconds, rewards, best };
}

export const framesPerSecond = ({ began, frames, seconds }: AgentView): number =>
  seconds > 0 ? (frames - began) / seconds : 0;

/** Until all frames are done; undefined before there is a speed. */
export function secondsLeft(view: AgentView): number | undefined {
  const speed = framesPerSecond(view);
  const left = Math.max(0, view.config.training.maxFrames - view.frames);
  return speed > 0 ? left / speed : undefined;
}

/** What is earned by who never looks: two columns of N are under the paddle. */
export const blindReward = ({ data }: AgentConfig): number => -1 + 4 / data.size;

/** A board that is fully seen asks for no memory. */
export const boardWords = ({ data: { size, visibleFrames } }: AgentConfig): string =>
  visibleFrames >= size
    ? `${size} × ${size}, all ${size} frames seen`
    : `${size} × ${size}, ${visibleFrames} of ${size} frames seen`;

/** `0.93` · `−0.72` */
export const rewardText = (reward: number): string => reward.toFixed(2).replace('-', '−');
