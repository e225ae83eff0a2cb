import { integer, random } from '@fastweights/core';

/** Actions for all worlds, from what is seen of them; `starts` says that an episode begins. */
export type Policy = (observations: Float32Array, starts: boolean) => Int32Array;

/** Acts at random, whatever it sees. */
export function blindPolicy(batchSize: number, seed: number): Policy {
  const stream = random(seed);
  return () => Int32Array.from({ length: batchSize }, () => integer(stream, 3));
}

/** Looks at the first frame alone, remembers it, and knows where its paddle goes. */
export function perfectMemoryPolicy(batchSize: number, size: number): Policy {
  const balls: number[] = [];
  const paddles: number[] = [];
  return (observations, starts) => {
    const actions = new Int32Array(batchSize);
    for (let i = 0; i < batchSize; i++) {
      if (starts) {
        const screen = observations.subarray(i * size * size, (i + 1) * size * size);
        balls[i] = screen.indexOf(1);
        paddles[i] = screen.indexOf(1, size * (size - 1)) - size * (size - 1);
      }
      const [ball, paddle] = [balls[i] as number, paddles[i] as number];
      if (ball < paddle) [actions[i], paddles[i]] = [1, paddle - 1];
      if (ball > paddle + 1) [actions[i], paddles[i]] = [2, paddle + 1];
    }
    return actions;
  };
}
