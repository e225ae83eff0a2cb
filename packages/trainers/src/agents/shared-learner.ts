import {
  checkInteger,
  checkPart,
  countWeights,
  type Optimizer,
  OptionError,
  type Weights,
  walkWeights,
} from '@fastweights/core';
import { type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { numbersLater, numbersNow } from '../numbers.ts';
import { countsOf } from './agent-ledger.ts';
import { type Learner, loadState } from './learner.ts';
import { sharedLock } from './shared-lock.ts';
import { freeLock, IS_READY, isAtWork, partsOf, type SharedMemory } from './shared-memory.ts';

/** One worker's way to weights that several learners change; for `trainAgent`. */
export interface SharedLearner {
  readonly index: number;
  readonly memory: SharedMemory;
  /** What moves these weights together with the other workers. */
  attach(weights: Weights, optimizer: Optimizer): Learner;
}

/**
 * Makes this thread one of the learners. Each index belongs to one thread: a new one with the index of one that has died
 * takes its place.
 */
export function joinSharedLearner(memory: SharedMemory, index: number): SharedLearner {
  checkInteger('memory.workers', memory?.workers, 1);
  checkPart({ index, of: memory.workers });
  freeLock(memory, index);
  return {
    index,
    memory,
    attach: (weights, optimizer) => createSharedLearner(memory, index, weights, optimizer),
  };
}

/**
 * Asynchronous advantage actor-critic (Mnih et al. 2016), with the optimiser's moments shared too. Each update locks the
 * memory, goes on from what is there, and leaves the result: none is lost, though its gradients may be of weights that
 * are a little older.
 */
function createSharedLearner(
  memory: SharedMemory,
  index: number,
  weights: Weights,
  optimizer: Optimizer,
): Learner {
  const moments = momentsOf(memory, weights, optimizer);
  const { words, ledger, frames: framesOf, ...shared } = partsOf(memory);
  const locked = sharedLock(words, index);
  const variables = [...walkWeights(weights)].map(([, weight]) => weight);
  /** Updates that this worker's own weights have seen; with one worker they are always the newest. */
  let seen = -1;

  function take(): void {
    const { updates } = countsOf(ledger);
    if (updates === seen) return;
    let at = 0;
    for (const weight of variables) {
      // Copied, since a backend may keep the very array it is given.
      const values = shared.weights.slice(at, at + weight.size);
      tidy(() => weight.assign(tensor(values, weight.shape, 'float32')));
      at += weight.size;
    }
    moments.write(shared.moments);
    moments.updates = updates;
    seen = updates;
  }

  async function give(): Promise<void> {
    const all: Tensor[] = variables;
    const numbers = numbersNow(all) ?? (await numbersLater(all));
    let at = 0;
    for (const values of numbers as Float32Array[]) {
      shared.weights.set(values, at);
      at += values.length;
    }
    await moments.read(shared.moments);
    seen = countsOf(ledger).updates;
  }

  return {
    workers: memory.workers,
    ledger,
    begin: (from) =>
      locked(async () => {
        if (Atomics.load(words, IS_READY) === 0) {
          if (from) loadState(weights, optimizer, ledger, from);
          await give();
          Atomics.store(words, IS_READY, 1);
        } else take();
        Atomics.store(words, isAtWork(index), 1);
      }),
    update: (frames, work) =>
      locked(async () => {
        take();
        const result = work();
        await give();
        framesOf[index] = (framesOf[index] as number) + frames;
        return result;
      }),
    leave: () =>
      locked(async () => {
        take();
        Atomics.store(words, isAtWork(index), 0);
        return !words.subarray(isAtWork(0)).some((word) => word === 1);
      }),
  };
}

/** The optimiser's, if all fits the memory. */
function momentsOf(
  memory: SharedMemory,
  weights: Weights,
  optimizer: Optimizer,
): Optimizer['memory'] & {} {
  const { memory: moments } = optimizer;
  if (!moments) {
    throw new OptionError('optimizer', 'one with a memory that can be shared', 'without one');
  }
  const sizes = { weights: countWeights(weights), moments: moments.size };
  for (const name of ['weights', 'moments'] as const) {
    if (memory[name] !== sizes[name]) {
      throw new OptionError(`memory.${name}`, `${sizes[name]}, as here`, `${memory[name]}`);
    }
  }
  return moments;
}
