import { engine, memory } from '@tensorflow/tfjs-core';
import { expect } from 'vitest';

/** Fails if `run` leaves tensors behind; what it returns must be nothing. */
export async function expectNoLeaks(run: () => void | Promise<void>): Promise<void> {
  const before = { ...memory() };
  const { numDataBuffers } = engine().memory();
  await run();
  expect(memory().numTensors, 'tensors alive afterwards').toBe(before.numTensors);
  expect(engine().memory().numDataBuffers, 'buffers alive afterwards').toBe(numDataBuffers);
}
