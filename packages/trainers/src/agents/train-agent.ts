import { saveWeights, splitSeed } from '@fastweights/core';
import { dispose, type TensorContainerObject } from '@tensorflow/tfjs-core';
import { breather } from '../breather.ts';
import { DivergedError } from '../diverged-error.ts';
import { firstNotFinite } from '../finite.ts';
import { rateAt } from '../schedule.ts';
import { countsOf, hasPassed, note, sumsOf, takeReport } from './agent-ledger.ts';
import type { AgentOptions, AgentProgress, AgentResult } from './agent-options.ts';
import { type AgentSettings, agentSettings } from './agent-settings.ts';
import { type Learner, soleLearner } from './learner.ts';
import { createTeacher, LEFT, type Taught } from './lesson.ts';
import { createWorlds, type Worlds } from './worlds.ts';

/**
 * Teaches an agent by advantage actor-critic (Mnih et al. 2016): alone (A2C), or as one of several learners (A3C).
 *
 * Acting is one step of the agent with what it remembers; learning is one scan over what it has lived through, which never
 * reaches beyond the end of an episode.
 *
 * @throws DivergedError
 */
export async function trainAgent<State extends TensorContainerObject>(
  options: AgentOptions<State>,
): Promise<AgentResult> {
  const settings = agentSettings(options);
  const { agent, environment, optimizer, from, shared } = settings;
  const learner = shared?.attach(agent.weights, optimizer) ?? soleLearner(agent.weights, optimizer);
  await learner.begin(from);
  const { ledger } = learner;
  const { frames } = countsOf(ledger);
  // Others' frames have come before: these are new ones.
  const seed = frames === 0 ? settings.seed : splitSeed(settings.seed, `frame ${frames}`);
  const isWhole = from?.frames === frames && learner.workers === 1;
  const worlds = createWorlds(agent, environment, seed, isWhole ? from?.worlds : undefined);
  try {
    const last = await train(settings, learner, worlds);
    const { signal, maxFrames, onState } = settings;
    const isLast = await learner.leave();
    if (isLast && onState) await save(settings, learner, worlds);
    const counts = countsOf(ledger);
    const sums = sumsOf(ledger);
    const meanReward =
      last?.meanReward ?? (sums.episodes > 0 ? sums.rewards / sums.episodes : undefined);
    const stopped = counts.frames >= maxFrames || !signal?.aborted ? 'frames' : 'signal';
    return { ...counts, ...(meanReward !== undefined && { meanReward }), stopped };
  } finally {
    worlds.dispose();
  }
}

/** Until there is a reason to stop; what comes back was reported last. */
async function train<State extends TensorContainerObject>(
  settings: AgentSettings<State>,
  learner: Learner,
  worlds: Worlds<State>,
): Promise<AgentProgress | undefined> {
  const { agent, optimizer, horizon, maxFrames, signal } = settings;
  const teach = createTeacher(agent, settings);
  const pause = breather();
  let last: AgentProgress | undefined;
  while (!signal?.aborted && countsOf(learner.ledger).frames < maxFrames) {
    const experience = await worlds.live(horizon);
    const taught = await teach(experience, countsOf(learner.ledger).updates + 1);
    const { report, isSaved } = await learn(settings, learner, taught);
    if (report) {
      const { learningRate } = optimizer;
      const { gradientNorm } = taught;
      last = { ...report, gradientNorm, ...(learningRate !== undefined && { learningRate }) };
      await settings.onProgress?.(last);
    }
    if (isSaved) await save(settings, learner, worlds);
    if (pause.isDue()) await pause.breathe();
  }
  return last;
}

interface Learnt {
  readonly report: ReturnType<typeof takeReport>;
  readonly isSaved: boolean;
}

async function learn<State extends TensorContainerObject>(
  { optimizer, annealing, maxFrames, reportEvery, saveEvery, onState }: AgentSettings<State>,
  { ledger, update }: Learner,
  { gradients, lesson }: Taught,
): Promise<Learnt> {
  try {
    return await update(lesson.frames, () => {
      const { frames: before } = countsOf(ledger);
      optimizer.apply(gradients, annealing && rateAt(annealing, before));
      note(ledger, lesson);
      const { frames } = countsOf(ledger);
      // At the end there is a state in any case.
      const isSaved =
        onState !== undefined && frames < maxFrames && hasPassed(before, frames, saveEvery);
      return { report: takeReport(ledger, reportEvery), isSaved };
    });
  } finally {
    dispose(gradients);
  }
}

/** Hands over the state, in which all numbers are some. */
async function save<State extends TensorContainerObject>(
  { agent, optimizer, onState }: AgentSettings<State>,
  { ledger, workers }: Learner,
  worlds: Worlds<State>,
): Promise<void> {
  const counts = countsOf(ledger);
  const sums = sumsOf(ledger);
  const weights = await saveWeights(agent.weights);
  checkNumbers('weight', weights, counts.updates);
  const moments = await optimizer.save();
  checkNumbers('moment', moments, counts.updates);
  const state = { ...counts, sums, weights, optimizer: moments };
  await onState?.(workers === 1 ? { ...state, worlds: await worlds.save() } : state);
}

function checkNumbers(what: 'weight' | 'moment', bytes: Uint8Array, update: number): void {
  const path = firstNotFinite(bytes);
  if (path !== undefined) throw new DivergedError({ update, what, path }, LEFT);
}
