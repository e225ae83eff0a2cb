import { FastWeightsError } from '@fastweights/core';
import type { CrewContext } from '../src/workers/crew.ts';

// What the workers of the crew's tests do: they count episodes in shared memory, and die when they are told to.

export const MISHAPS = ['exit', 'throw', 'uncaught', 'out of memory', 'rejection'] as const;
export type Mishap = (typeof MISHAPS)[number];

export interface CrewTask {
  readonly what: 'episodes' | 'die' | 'one step' | 'refuse' | 'deaf' | 'listen' | 'linger' | 'echo';
  readonly buffer: SharedArrayBuffer;
  readonly quota?: number;
  /** Which worker it happens to. */
  readonly victim?: number;
  readonly mishap?: Mishap;
}

/** Whether workers may end; who holds the lock; and how many have broken it. */
export const [OPEN, LOCK, BROKEN] = [0, 1, 2] as const;
/** Each worker's words: episodes begun and ended, and what is to happen to it, from 1. */
export const begun = (index: number): number => 8 + 4 * index;
export const ended = (index: number): number => 9 + 4 * index;
export const fate = (index: number): number => 10 + 4 * index;

export const createTask = (task: Omit<CrewTask, 'buffer'>): CrewTask => ({
  buffer: new SharedArrayBuffer(4 * 32),
  ...task,
});

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

async function suffer(mishap: Mishap): Promise<void> {
  if (mishap === 'throw') throw new TypeError('a bug');
  if (mishap === 'exit') process.exit(3);
  if (mishap === 'uncaught') {
    setTimeout(() => {
      throw new RangeError('nobody catches this');
    });
  }
  if (mishap === 'rejection') void Promise.reject(new RangeError('nobody awaits this'));
  const hoard: unknown[] = [];
  while (mishap === 'out of memory') hoard.push(new Array(100_000).fill(hoard.length));
  await pause(60_000);
}

/** Changes what all share, alone. */
async function update(words: Int32Array, index: number): Promise<void> {
  while (Atomics.compareExchange(words, LOCK, 0, index + 1) !== 0) await pause(1);
  await pause(1);
  if (Atomics.compareExchange(words, LOCK, index + 1, 0) !== index + 1) {
    Atomics.add(words, BROKEN, 1);
  }
}

async function episodes({ index, data, signal }: CrewContext<CrewTask>): Promise<number> {
  const { buffer, quota = 0 } = data;
  const words = new Int32Array(buffer);
  const goesOn = (): boolean =>
    Atomics.load(words, ended(index)) < quota || Atomics.load(words, OPEN) === 0;
  while (goesOn() && !signal.aborted) {
    Atomics.add(words, begun(index), 1);
    await pause(1);
    const mishap = MISHAPS[Atomics.exchange(words, fate(index), 0) - 1];
    if (mishap) await suffer(mishap);
    await update(words, index);
    Atomics.add(words, ended(index), 1);
  }
  return Atomics.load(words, ended(index));
}

export async function crewWork(context: CrewContext<CrewTask>): Promise<unknown> {
  const { index, of, restarts, data, signal, post } = context;
  const { what, victim, mishap = 'throw', quota = 0 } = data;
  const words = new Int32Array(data.buffer);
  const untilAborted = async (): Promise<unknown> => {
    post('listens');
    while (!signal.aborted) await pause(1);
    return `${index} heard: ${signal.reason.message}`;
  };
  if (what === 'echo') return { index, of, restarts };
  if (what === 'linger') {
    setInterval(() => {}, 1000);
    return 'done';
  }
  if (what === 'episodes') return episodes(context);
  if (index !== victim) return untilAborted();
  if (what === 'refuse') throw new FastWeightsError('diverged', 'It is no number.');
  if (what === 'one step' && restarts === quota) return restarts;
  if (what === 'one step') {
    Atomics.add(words, ended(index), 1);
    post('a step');
  }
  if (what === 'die' || what === 'one step') await suffer(mishap);
  if (what === 'deaf') {
    post('deaf');
    for (;;) Atomics.add(words, ended(index), 1);
  }
  return untilAborted();
}
