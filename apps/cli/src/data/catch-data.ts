import {
  type CatchEnvironment,
  type CatchWorld,
  catchActions,
  catchEnvironment,
  catchText,
} from '@fastweights/datasets';
import { count } from '../terminal/format.ts';
import type { Line } from '../terminal/line.ts';
import { UsageError } from '../usage-error.ts';
import type { LoadedData } from './loaded-data.ts';

export interface CatchDataOptions {
  readonly size: number;
  readonly visible: number;
  readonly seed: number;
}

const WORLDS = 500;
const EPISODES = 20;
const GAP = 2;

export async function catchData({ size, visible, seed }: CatchDataOptions): Promise<LoadedData> {
  if (visible > size) {
    throw new UsageError(`--visible must be at most --size, ${size}, but it is ${visible}.`);
  }
  const game = { size, visibleFrames: visible, seed };
  const environment = catchEnvironment({ ...game, batchSize: WORLDS });
  const caught = caughtStandingStill(environment);
  const episodes = WORLDS * EPISODES;
  const blindReward = { expected: -1 + 4 / size, measured: (2 * caught) / episodes - 1 };
  const worlds = playedWell(catchEnvironment(game));
  return {
    facts: {
      data: 'catch',
      title: 'Partially observable Catch',
      what: `a ball falls from a random column, and a paddle of two pixels is to be under it in the end; the screen goes blank after frame ${visible}. Section 4.4 of the paper.`,
      seed,
      classes: ['caught', 'missed'],
      splits: [{ name: 'episodes', size: episodes, counts: [caught, episodes - caught] }],
      size,
      visibleFrames: visible,
      frames: size,
      moves: size - 1,
      actions: Object.keys(catchActions),
      observationSize: environment.observationSize,
      blindReward,
      episode: worlds.map(({ frame, ball, paddle }) => ({
        frame,
        ball,
        paddle,
        isBlank: frame > visible,
      })),
    },
    notes: [
      `${size} × ${size} pixels, ${size} frames and ${size - 1} moves (${Object.keys(catchActions).join(', ')}). With the last move the reward comes: 1 if the paddle touches the ball, −1 if not. Seed ${seed}.`,
      `Two ways to play are shown here. The table is of one that never looks: in ${count(episodes)} episodes the paddle stood still, and earned ${signed(blindReward.measured)} on average, where ${signed(blindReward.expected)} is to be expected. The frames are of one that never forgets where the ball is: its paddle follows, and earns 1 every time.`,
    ],
    examples: (columns) => filmOf(worlds, columns),
  };
}

const signed = (value: number): string => value.toFixed(3).replace('-', '−');

function caughtStandingStill(environment: CatchEnvironment): number {
  const { size, batchSize } = environment;
  const still = new Int32Array(batchSize).fill(catchActions.stay);
  let caught = 0;
  for (let step = 0; step < EPISODES * (size - 1); step++) {
    for (const reward of environment.step(still).rewards) if (reward > 0) caught++;
  }
  return caught;
}

/** Every frame of an episode in which the paddle follows the ball. */
function playedWell(environment: CatchEnvironment): CatchWorld[] {
  const worlds = [environment.world(0)];
  while (worlds.length < environment.size) {
    const { ball, paddle } = worlds.at(-1) as CatchWorld;
    const action =
      ball < paddle
        ? catchActions.left
        : ball > paddle + 1
          ? catchActions.right
          : catchActions.stay;
    environment.step(Int32Array.of(action));
    worlds.push(worlds.length === environment.size - 1 ? last(environment) : environment.world(0));
  }
  return worlds;
}

const last = (environment: CatchEnvironment): CatchWorld => environment.finished(0) as CatchWorld;

/** Frames side by side: as many as fit, the first and the last ones of both kinds before others. */
function filmOf(worlds: readonly CatchWorld[], columns: number): Line[] {
  const { size, visibleFrames: seen } = worlds[0] as CatchWorld;
  const fitting = Math.floor((columns - 2 + GAP) / (size + GAP));
  const wanted = [1, seen, size, seen + 1, ...Array.from({ length: seen }, (_, i) => i + 1)];
  const frames = [...new Set(wanted)].filter((frame) => frame <= size).slice(0, fitting);
  const shown = frames.toSorted((a, b) => a - b).map((frame) => worlds[frame - 1] as CatchWorld);
  if (shown.length === 0) return [[`  A frame of ${size} columns does not fit here.`]];
  const pictures = shown.map((world) => catchText(world, { reveal: isEnd(world) }).split('\n'));
  const captions = shown.map((world) => captionOf(world).padEnd(size));
  return [
    [['faint', `  ${captions.join(' '.repeat(GAP))}`]],
    ...Array.from(
      { length: size },
      (_, row): Line => [`  ${pictures.map((picture) => picture[row]).join(' '.repeat(GAP))}`],
    ),
    ...(isEnd(shown.at(-1) as CatchWorld)
      ? [
          [
            [
              'faint',
              '  The last frame is shown as an onlooker sees it: the paddle is there.',
            ] as const,
          ],
        ]
      : []),
  ];
}

const isEnd = ({ frame, size, visibleFrames }: CatchWorld): boolean =>
  frame === size && frame > visibleFrames;

function captionOf({ frame, visibleFrames, size }: CatchWorld): string {
  const name = `frame ${frame}`;
  const long = frame > visibleFrames ? `${name}, blank` : name;
  return [long, name].find((text) => text.length <= size) ?? `${frame}`;
}
