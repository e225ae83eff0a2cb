import { type Frame, openFrame, roomOf } from './frame.ts';
import { type Key, keyReader } from './keys.ts';
import type { Line } from './line.ts';
import { painter } from './style.ts';

export interface Room {
  readonly columns: number;
  readonly rows: number;
}

/** The terminal: what is typed, and what is shown. */
export interface Streams {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
}

/** A key, or what else may happen: another size of the window, a return from Ctrl-Z, a signal or a closed terminal. */
type Happening = Key | 'resized' | 'continued' | 'stopped';

/** The whole terminal, key by key. What it showed before comes back when the stage is closed, however the process ends. */
export interface Stage {
  room(): Room;
  draw(lines: readonly Line[]): void;
  /** What happens next; undefined if nothing does until then (by `performance.now()`; never, if there is no time). */
  next(until?: number): Promise<Happening | undefined>;
  close(): void;
}

const OTHER_SCREEN = '\x1b[?1049h\x1b[2J\x1b[H';
const FIRST_SCREEN = '\x1b[?1049l';

/** @param signal ends the wait for keys: with `stopped` */
export function openStage({ input, output }: Streams, signal?: AbortSignal): Stage {
  const happened: Happening[] = [];
  let wake = (): void => {};
  const tell = (happening: Happening): void => {
    happened.push(happening);
    wake();
  };
  const keysIn = keyReader();
  const read = (data: string | Buffer): void => {
    for (const key of keysIn(data.toString())) {
      // A terminal that gives every key suspends nobody itself; the whole job is to stop, pnpm above it too.
      if (key === 'ctrl-z') process.kill(0, 'SIGTSTP');
      else tell(key);
    }
  };
  const resized = (): void => tell('resized');
  const stopped = (): void => tell('stopped');

  let isOn = false;
  const enter = (): void => {
    isOn = true;
    input.setRawMode(true);
    output.write(OTHER_SCREEN);
  };
  const leave = (): void => {
    if (!isOn) return;
    isOn = false;
    output.write(FIRST_SCREEN);
    // A terminal that was closed has no modes.
    if (!input.destroyed) input.setRawMode(false);
  };
  const resume = (): void => {
    enter();
    tell('continued');
  };

  // Before the frame's, which stops the process.
  process.on('exit', leave).on('SIGTSTP', leave).on('SIGCONT', resume);
  let frame: Frame | undefined;
  const close = (): void => {
    frame?.close();
    leave();
    process.off('exit', leave).off('SIGTSTP', leave).off('SIGCONT', resume);
    input.off('data', read).off('end', stopped).pause();
    output.off('resize', resized);
    signal?.removeEventListener('abort', stopped);
  };
  try {
    input.setEncoding('utf8');
    enter();
    frame = openFrame(output, painter(output));
    input.on('data', read).on('end', stopped).resume();
    output.on('resize', resized);
    if (signal?.aborted) stopped();
    signal?.addEventListener('abort', stopped);
  } catch (error) {
    close();
    throw error;
  }

  return {
    room: () => roomOf(output),
    draw: (lines) => frame?.draw(lines),
    close,
    async next(until) {
      if (happened.length === 0) {
        await new Promise<void>((resolve) => {
          const left = until === undefined ? undefined : until - performance.now();
          const timer = left === undefined ? undefined : setTimeout(resolve, Math.max(left, 0));
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        wake = () => {};
      }
      return happened.shift();
    },
  };
}
