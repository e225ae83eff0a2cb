import '../../../testing/src/setup.ts';
import { splitSeed } from '@fastweights/core';
import { adam, trainAgent } from '../../src/index.ts';
import { type LearnerContext, runLearner } from '../../src/node/index.ts';
import { smallAgent } from './small-agent.ts';
import { cue } from './small-worlds.ts';

// What each worker of learners.test.ts does.

export interface LearnerTask {
  readonly maxFrames: number;
  /** The worker that dies in its third update, while it holds the lock. */
  readonly victim?: number;
}

await runLearner<LearnerTask>(
  async ({ index, restarts, data, shared, signal, post }: LearnerContext<LearnerTask>) => {
    const agent = smallAgent({ observationSize: 3, actions: 2 });
    const optimizer = adam(agent.weights, { learningRate: 0.02 });
    let updates = 0;
    const dying: typeof optimizer = Object.assign(Object.create(optimizer), {
      apply(...given: Parameters<typeof optimizer.apply>) {
        if (restarts === 0 && index === data.victim && ++updates === 3) process.exit(3);
        return optimizer.apply(...given);
      },
    });
    const result = await trainAgent({
      agent,
      environment: cue(16, () => 3),
      optimizer: dying,
      entropyBonus: 0.002,
      maxFrames: data.maxFrames,
      reportEvery: 1200,
      seed: splitSeed(5, `worker ${index}`),
      onProgress: (progress) => post({ kind: 'progress', progress }),
      onState: (state) => post({ kind: 'state', state }),
      shared,
      signal,
    });
    return { ...result, isShared: shared !== undefined };
  },
);
