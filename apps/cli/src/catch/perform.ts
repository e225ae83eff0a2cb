import type { Key } from '../terminal/keys.ts';
import type { Line } from '../terminal/line.ts';
import type { Room, Stage } from '../terminal/stage.ts';

/** Something that goes on by itself, and answers keys. */
export interface Performance {
  /** Its picture, or a sentence where the window has no room for one: then time stands still. */
  draw(room: Room): { readonly lines: readonly Line[]; readonly hasRoom: boolean };
  /** How long the present picture stays, in ms; undefined for until a key is struck. */
  stay(): number | undefined;
  /** That time is up. */
  goOn(): Promise<void>;
  /** Answers a key; whether the time of the picture begins anew. */
  press(key: Key, now: number): Promise<boolean>;
  pause(): void;
}

/** How somebody has left: by the key for it, by Ctrl-C, or because a signal came. */
export type Leaving = 'quit' | 'ctrl-c' | 'stopped';

/** Shows it until somebody leaves. */
export async function perform(stage: Stage, performance: Performance): Promise<Leaving> {
  const now = (): number => globalThis.performance.now();
  let since = now();
  for (;;) {
    const { lines, hasRoom } = performance.draw(stage.room());
    stage.draw(lines);
    const stay = hasRoom ? performance.stay() : undefined;
    const happening = await stage.next(stay === undefined ? undefined : since + stay);
    if (happening === 'q' || happening === 'ctrl-d') return 'quit';
    if (happening === 'ctrl-c' || happening === 'stopped') return happening;
    let isAnew = !hasRoom;
    if (happening === undefined) {
      await performance.goOn();
      isAnew = true;
    } else if (happening === 'continued') performance.pause();
    else if (happening !== 'resized' && hasRoom) isAnew = await performance.press(happening, now());
    if (isAnew) since = now();
  }
}
