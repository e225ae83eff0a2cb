import type { Key } from '../terminal/keys.ts';
import { faster, slower } from './pace.ts';
import type { Performance } from './perform.ts';
import { noRoomToWatch, type WatchState, watchFrame } from './watch-frame.ts';
import type { Shot, Show } from './watch-show.ts';

export interface WatchOptions {
  readonly show: Show;
  readonly place: string;
  readonly name: string;
  /** Frames a second. */
  readonly pace: number;
  readonly reveals: boolean;
}

/** An agent's game to look at, forwards and backwards. */
export interface WatchGame extends Performance {
  state(): WatchState;
}

/** How long the end of an episode is shown at least, in ms. */
const LOOK_MS = 1500;

/** So many frames can be gone back. */
const MOST_SHOTS = 2000;

const TOGGLES: readonly Key[] = ['f', 'v'];

/** Waits for the first frame. */
export async function watchGame({
  show,
  place,
  name,
  ...options
}: WatchOptions): Promise<WatchGame> {
  let { pace, reveals } = options;
  let isPaused = false;
  let shots: Shot[] = [await show.next()];
  /** Which one is shown. */
  let at = 0;

  const shotNow = (): Shot => shots[at] as Shot;
  async function forth(): Promise<void> {
    if (at === shots.length - 1) shots = [...shots, await show.next()].slice(-MOST_SHOTS);
    at = Math.min(at + 1, shots.length - 1);
  }
  async function restart(): Promise<void> {
    show.restart();
    shots = [await show.next()];
    at = 0;
  }
  const state = (): WatchState => ({ place, name, shot: shotNow(), isPaused, reveals, pace });

  return {
    state,
    draw(room) {
      const lines = watchFrame(state(), room);
      return { lines: lines ?? noRoomToWatch(state(), room), hasRoom: lines !== undefined };
    },
    stay() {
      if (isPaused) return undefined;
      return shotNow().isEnd ? Math.max(LOOK_MS, 1000 / pace) : 1000 / pace;
    },
    goOn: forth,
    pause() {
      isPaused = true;
    },
    async press(key) {
      if (key === 'space' || key === 'p') isPaused = !isPaused;
      else if (key === 'right' || key === 'l') {
        isPaused = true;
        await forth();
      } else if (key === 'left' || key === 'h') {
        isPaused = true;
        at = Math.max(0, at - 1);
      } else if (key === '+' || key === '=') pace = faster(pace);
      else if (key === '-' || key === '_') pace = slower(pace, 1);
      else if (TOGGLES.includes(key)) reveals = !reveals;
      else if (key === 'r') await restart();
      return key === 'space' || key === 'p' || key === 'r';
    },
  };
}
