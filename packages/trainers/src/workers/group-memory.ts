import { checkInteger, checkKeys } from '@fastweights/core';

export interface GroupMemoryOptions {
  readonly workers: number;
  /** Numbers that a worker hands in at once; longer lists go in several rounds. Default 2¹⁸, 1 MiB. */
  readonly room?: number;
}

/** What the workers of a group share: plain data that may be sent to a worker thread. */
export interface GroupMemory {
  readonly workers: number;
  readonly room: number;
  readonly buffer: SharedArrayBuffer;
}

/** Each worker has a cache line of its own, so that nobody slows down a neighbour by writing. */
const LINE = 16;
const LINE_BYTES = 4 * LINE;

/** While all work on one round, what they handed in for the one before may still be read. */
const ROUNDS = 2;

/** Memory for the workers of one group; it takes twice `room` numbers for each. */
export function createGroupMemory(options: GroupMemoryOptions): GroupMemory {
  checkKeys('createGroupMemory', options, ['workers', 'room']);
  const { workers, room = 2 ** 18 } = options;
  checkInteger('workers', workers, 1);
  checkInteger('room', room, 1);
  const bytes = workers * (LINE_BYTES + ROUNDS * slotBytes(room));
  return { workers, room, buffer: new SharedArrayBuffer(bytes) };
}

/** What a worker hands in in a round, and what it weighs. */
export interface Slot {
  readonly values: Float32Array;
  readonly share: Float32Array;
}

const slotBytes = (room: number): number =>
  LINE_BYTES * (1 + Math.ceil((room * Float32Array.BYTES_PER_ELEMENT) / LINE_BYTES));

/** How many rounds each worker has handed in for, at `arrivalOf(worker)`, and whether it is gone, right after that. */
export const wordsOf = ({ workers, buffer }: GroupMemory): Int32Array =>
  new Int32Array(buffer, 0, workers * LINE);

export const arrivalOf = (worker: number): number => worker * LINE;
export const goneOf = (worker: number): number => worker * LINE + 1;

/** Where a worker hands in: in even rounds, and in odd ones. */
export function slotsOf({ workers, room, buffer }: GroupMemory, worker: number): Slot[] {
  return Array.from({ length: ROUNDS }, (_, round) => {
    const offset = workers * LINE_BYTES + (round * workers + worker) * slotBytes(room);
    return {
      share: new Float32Array(buffer, offset, 1),
      values: new Float32Array(buffer, offset + LINE_BYTES, room),
    };
  });
}

/** Tells the others that a worker comes no more. What it has handed in still counts. */
export function markGone(memory: GroupMemory, worker: number): void {
  const words = wordsOf(memory);
  Atomics.store(words, goneOf(worker), 1);
  Atomics.notify(words, arrivalOf(worker));
}
