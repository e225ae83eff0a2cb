import { checkInteger, checkKeys, FastWeightsError } from '@fastweights/core';
import { countsOf, LEDGER, type Ledger } from './agent-ledger.ts';

export interface SharedMemoryOptions {
  /** How many numbers the weights have together: `countWeights`. */
  readonly weights: number;
  /** How many the optimiser remembers: the size of its `memory`. */
  readonly moments: number;
  readonly workers: number;
}

/** What asynchronous learners share: plain data that may be sent to a worker. */
export interface SharedMemory extends SharedMemoryOptions {
  readonly buffer: SharedArrayBuffer;
}

/** How far all workers are together. */
export interface SharedCounts {
  readonly frames: number;
  readonly updates: number;
  readonly episodes: number;
}

// Words, from the start: who holds the lock, whether the first worker has put its weights there, and for each worker whether
// it is at work. Then the ledger, each worker's frames, the weights and the moments, each on cache lines of its own.
export const LOCK = 0;
export const IS_READY = 1;
const FIRST_WORKER = 2;
export const isAtWork = (index: number): number => FIRST_WORKER + index;

/** The lock's word is free at 0, and names its owner otherwise. */
export const FREE = 0;
export const ownedBy = (index: number): number => index + 1;

const LINE = 64;
const lines = (bytes: number): number => Math.ceil(bytes / LINE) * LINE;

/** What is where in the memory. */
export interface SharedParts {
  readonly words: Int32Array;
  readonly ledger: Ledger;
  /** Each worker's. */
  readonly frames: Float64Array;
  readonly weights: Float32Array;
  readonly moments: Float32Array;
}

/** Memory for learners that each change the same weights; the first one to start puts its own there. */
export function createSharedMemory(options: SharedMemoryOptions): SharedMemory {
  checkKeys('createSharedMemory', options, ['weights', 'moments', 'workers']);
  const { weights, moments, workers } = options;
  checkInteger('weights', weights, 1);
  checkInteger('moments', moments, 0);
  checkInteger('workers', workers, 1);
  if (typeof SharedArrayBuffer === 'undefined') {
    const message =
      'Memory cannot be shared here: a page must be cross-origin isolated (headers COOP and COEP). ' +
      'Let one worker learn alone, without `shared`.';
    throw new FastWeightsError('no-shared-memory', message);
  }
  return { weights, moments, workers, buffer: new SharedArrayBuffer(places(options).end) };
}

function places({ weights, moments, workers }: SharedMemoryOptions): Record<string, number> & {
  readonly ledger: number;
  readonly frames: number;
  readonly weights: number;
  readonly moments: number;
  readonly end: number;
} {
  const ledger = lines(4 * (FIRST_WORKER + workers));
  const frames = lines(ledger + 8 * LEDGER);
  const weightsAt = lines(frames + 8 * workers);
  const momentsAt = lines(weightsAt + 4 * weights);
  return {
    ledger,
    frames,
    weights: weightsAt,
    moments: momentsAt,
    end: lines(momentsAt + 4 * moments),
  };
}

export function partsOf(memory: SharedMemory): SharedParts {
  const { buffer, workers } = memory;
  const at = places(memory);
  return {
    words: new Int32Array(buffer, 0, FIRST_WORKER + workers),
    ledger: new Float64Array(buffer, at.ledger, LEDGER),
    frames: new Float64Array(buffer, at.frames, workers),
    weights: new Float32Array(buffer, at.weights, memory.weights),
    moments: new Float32Array(buffer, at.moments, memory.moments),
  };
}

/** How far all workers are together, at any time and from any thread. */
export const sharedCounts = (memory: SharedMemory): SharedCounts =>
  countsOf(partsOf(memory).ledger);

/** How many frames a worker has lived through: it stands still while the worker does. */
export const framesOf = (memory: SharedMemory, index: number): number =>
  partsOf(memory).frames[index] as number;

/**
 * To be called when a worker has died: the others no longer wait for it.
 *
 * It may have died while it wrote down an update, so that some weights have moved and others have not. That is as harmless
 * as a smaller step: each number is an old or a new one, and the next update starts from what is there.
 *
 * @returns whether it was changing the weights
 */
export function freeLock(memory: SharedMemory, index: number): boolean {
  const { words } = partsOf(memory);
  Atomics.store(words, isAtWork(index), 0);
  const held = Atomics.compareExchange(words, LOCK, ownedBy(index), FREE) === ownedBy(index);
  if (held) Atomics.notify(words, LOCK);
  return held;
}
