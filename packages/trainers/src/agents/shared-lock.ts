import { nextTurn } from '../breather.ts';
import { mayBlock } from '../workers/may-block.ts';
import { FREE, LOCK, ownedBy } from './shared-memory.ts';

/** A thread that sleeps wakes up later than most updates take, in ms. */
const SPIN = 0.1;
const LOOKS = 100;
/** At most so long does nobody look again: the owner may have died, and another freed the lock. */
const SLICE = 20;

/** Does something while no other worker does; the lock names its owner, so that it can be freed when that one dies. */
export function sharedLock(
  words: Int32Array,
  index: number,
): <Result>(work: () => Promise<Result>) => Promise<Result> {
  const own = ownedBy(index);
  const blocks = mayBlock();

  const take = (): boolean => Atomics.compareExchange(words, LOCK, FREE, own) === FREE;

  function spin(): boolean {
    const end = performance.now() + SPIN;
    do {
      for (let look = 0; look < LOOKS; look++) if (take()) return true;
    } while (performance.now() < end);
    return false;
  }

  async function lock(): Promise<void> {
    while (!spin()) {
      const owner = Atomics.load(words, LOCK);
      // Another learner of this very thread needs its turn to let go.
      await nextTurn();
      if (blocks && owner !== FREE) Atomics.wait(words, LOCK, owner, SLICE);
    }
  }

  return async (work) => {
    await lock();
    try {
      return await work();
    } finally {
      Atomics.compareExchange(words, LOCK, own, FREE);
      Atomics.notify(words, LOCK);
    }
  };
}
