import { dispose, type Scalar, stack, tidy } from '@tensorflow/tfjs-core';
import { DivergedError } from './diverged-error.ts';

/** The losses of the updates since a report; those on the device are read only when they are asked for. */
export interface Losses {
  add(loss: Scalar | number): void;
  /**
   * Of the updates up to this one.
   *
   * @throws DivergedError
   */
  values(update: number): Promise<readonly number[]>;
  mean(update: number): Promise<number>;
  clear(): void;
  dispose(): void;
}

export function createLosses(before: readonly number[] = []): Losses {
  let read = [...before];
  let unread: Scalar[] = [];

  async function values(update: number): Promise<readonly number[]> {
    const tensors = unread;
    unread = [];
    if (tensors.length > 0) {
      const all = tidy(() => stack(tensors));
      read.push(...(await all.data<'float32'>()));
      dispose([all, ...tensors]);
    }
    const bad = read.findIndex((loss) => !Number.isFinite(loss));
    if (bad >= 0) throw new DivergedError({ update: update - read.length + bad + 1, what: 'loss' });
    return read;
  }

  return {
    add(loss) {
      if (typeof loss === 'number') read.push(loss);
      else unread.push(loss);
    },
    values,
    async mean(update) {
      const all = await values(update);
      return all.reduce((sum, loss) => sum + loss, 0) / all.length;
    },
    clear() {
      read = [];
    },
    dispose() {
      dispose(unread);
      unread = [];
    },
  };
}
