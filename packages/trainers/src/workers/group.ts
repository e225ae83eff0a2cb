import { checkKeys, checkPart, type Part } from '@fastweights/core';
import { addShares } from './add-shares.ts';
import {
  arrivalOf,
  type GroupMemory,
  goneOf,
  markGone,
  type Slot,
  slotsOf,
  wordsOf,
} from './group-memory.ts';
import { mayBlock } from './may-block.ts';
import { WorkerLostError } from './worker-lost-error.ts';

/** One worker's way to the others. All do the same, each with its part of the data; the one of index 0 leads. */
export interface TrainingGroup extends Part {
  /**
   * Puts into `values` their sums over all workers, added in the order of the workers: all get the same, bit for bit. Every
   * worker must call it equally often, each time with equally many numbers.
   *
   * @param shares makes each worker's numbers, from one of them on, count as often as it says
   * @throws WorkerLostError when another is gone
   */
  sum(values: Float32Array, shares?: Shares): Promise<void>;
  /** Tells the others not to wait for this one any more. */
  leave(): void;
}

interface Shares {
  readonly own: number;
  /** The first number that is weighed; the same for all. */
  readonly from: number;
}

export interface JoinGroupOptions {
  /**
   * Whether the thread may stop while it waits: the default, wherever it is allowed. Where it is not, as on a page, or where
   * the thread has to hear of the others' end, it looks again at each turn of its event loop.
   */
  readonly blocks?: boolean;
}

const UNWEIGHED: Shares = { own: 1, from: Number.POSITIVE_INFINITY };

/** Workers of one machine are hardly ever further apart, in ms; a thread that sleeps wakes up later than that. */
const SPIN = 0.1;
const LOOKS = 100;
/** At most so long does nobody look whether another is gone, in ms. */
const SLICE = 50;

/** Makes this thread a worker of a group. Each index belongs to one thread. */
export function joinGroup(
  memory: GroupMemory,
  index: number,
  options: JoinGroupOptions = {},
): TrainingGroup {
  checkKeys('joinGroup', options, ['blocks']);
  const { workers: of, room } = memory;
  checkPart({ index, of });
  const { blocks = mayBlock() } = options;
  const words = wordsOf(memory);
  const slots = Array.from({ length: of }, (_, worker) => slotsOf(memory, worker));
  /** What all hand in in even rounds, and in odd ones. */
  const turns = [0, 1].map((turn) => slots.map((own) => own[turn] as Slot));
  let round = Atomics.load(words, arrivalOf(index));

  const hasArrived = (worker: number): boolean =>
    // The counter may wrap round.
    ((Atomics.load(words, arrivalOf(worker)) - round) | 0) >= 0;

  function spin(worker: number): boolean {
    const end = performance.now() + SPIN;
    do {
      for (let look = 0; look < LOOKS; look++) if (hasArrived(worker)) return true;
    } while (performance.now() < end);
    return false;
  }

  async function waitFor(worker: number): Promise<void> {
    while (!hasArrived(worker)) {
      const seen = Atomics.load(words, arrivalOf(worker));
      const isGone = Atomics.load(words, goneOf(worker)) === 1;
      if (hasArrived(worker)) return;
      if (isGone) throw new WorkerLostError(worker, of);
      if (blocks) Atomics.wait(words, arrivalOf(worker), seen, SLICE);
      else await new Promise((resolve) => setTimeout(resolve));
    }
  }

  /** One round, for at most as many numbers as there is room for. */
  async function sumRound(values: Float32Array, { own, from }: Shares): Promise<void> {
    const handedIn = turns[round & 1] as Slot[];
    const slot = handedIn[index] as Slot;
    slot.values.set(values);
    slot.share[0] = own;
    round = (round + 1) | 0;
    Atomics.store(words, arrivalOf(index), round);
    Atomics.notify(words, arrivalOf(index));
    for (let worker = 0; worker < of; worker++) {
      if (!hasArrived(worker) && !spin(worker)) await waitFor(worker);
    }
    addShares(values, handedIn, from);
  }

  return {
    index,
    of,
    async sum(values, { own, from } = UNWEIGHED) {
      for (let first = 0; first < values.length; first += room) {
        await sumRound(values.subarray(first, first + room), { own, from: from - first });
      }
    },
    leave: () => markGone(memory, index),
  };
}
