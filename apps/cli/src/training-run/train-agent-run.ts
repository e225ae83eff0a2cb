import { useBackend } from '@fastweights/backends';
import { countWeights, FastWeightsError, loadWeights } from '@fastweights/core';
import { type AgentConfig, type PreparedAgent, prepareAgent } from '@fastweights/experiments';
import {
  type AgentProgress,
  type AgentState,
  createSharedMemory,
  type SharedMemory,
} from '@fastweights/trainers';
import { openRun, type Run, type RunRecord, readRun } from '@fastweights/trainers/runs';
import { version } from '../defaults.ts';
import { type AgentEvaluation, evaluateAgent } from './evaluate-agent.ts';
import { startClock } from './session-clock.ts';
import { type Session, secondsOf } from './sessions.ts';
import { trainLearners } from './train-learners.ts';
import type { BackendFacts } from './training-job.ts';

export interface TrainAgentRunOptions {
  readonly config: AgentConfig;
  readonly hash: string;
  /** Threads that learn side by side; only one that learns alone leaves the same bits each time. */
  readonly workers: number;
  readonly signal?: AbortSignal | undefined;
  readonly watcher: AgentRunWatcher;
}

/** Who looks on while an agent is trained. */
export interface AgentRunWatcher {
  /** From which frame it goes on. */
  onBegin(frames: number): void;
  onBackend(facts: BackendFacts): void;
  onProgress(progress: AgentProgress): unknown;
  /** Training is over. */
  onTest(): void;
  note(text: string): void;
}

/** What result.json says. */
export interface KeptAgentResult {
  readonly frames: number;
  readonly updates: number;
  readonly episodes: number;
  readonly stopped: 'frames';
  /** The last report of the training; not there where there was none. */
  readonly last?: { readonly frames: number; readonly meanReward: number };
  readonly evaluation: AgentEvaluation;
  readonly seconds: number;
  readonly sessions: readonly Session[];
}

/** A checkpoint is written after so many reports. */
const REPORTS_BETWEEN_STATES = 5;

/** Trains in a run directory from its last checkpoint, and tests; undefined if the signal came first. */
export async function trainAgentRun(
  directory: string,
  options: TrainAgentRunOptions,
): Promise<RunRecord | undefined> {
  const { config, hash } = options;
  const versions = { fastweights: version };
  const run = await openRun<'agent'>(directory, { config, hash, create: true, versions });
  try {
    if (!(await train(run, options))) return undefined;
  } finally {
    await run.close();
  }
  return readRun(directory);
}

async function train(run: Run<'agent'>, options: TrainAgentRunOptions): Promise<boolean> {
  const { config, workers, watcher } = options;
  const { signal = new AbortController().signal } = options;
  const note = (text: string): void => watcher.note(text);
  const from = await run.latestCheckpoint(({ folder, reason }) =>
    note(`not going on from ${folder}: ${reason}`),
  );
  watcher.onBegin(from?.frames ?? 0);
  const clock = await startClock(run.directory, { workers, goesOn: from !== undefined, note });
  // One step of an agent is too little work for anything else.
  const { name: backend, device, refused } = await useBackend({ prefer: 'wasm' });
  clock.computesOn({ backend, device });
  const prepared = prepareAgent(config);
  try {
    const weightCount = countWeights(prepared.agent.weights);
    watcher.onBackend({ name: backend, device, weightCount, refused });
    const saveEvery = REPORTS_BETWEEN_STATES * config.training.reportEvery;
    const memory = workers > 1 ? memoryFor(prepared, workers) : undefined;
    const last = await trainLearners(
      { config, from, saveEvery, backend, memory, signal },
      {
        async onProgress(progress) {
          await run.report(progress);
          await watcher.onProgress(progress);
        },
        async onState(state) {
          // First, so that every checkpoint has its session.
          await clock.save();
          await run.saveCheckpoint(state);
        },
        onRestart: (worker, error) => note(restarted(worker, workers, error)),
      },
    );
    if (!last || last.frames < config.training.maxFrames) return false;
    watcher.onTest();
    loadWeights(prepared.agent.weights, last.weights);
    const evaluation = await evaluateAgent(prepared, signal);
    if (!evaluation) return false;
    const result = await keptResult(run, last, evaluation, await clock.save());
    await run.finish(result, last.weights);
    return true;
  } finally {
    prepared.dispose();
  }
}

function memoryFor({ agent, optimizer }: PreparedAgent, workers: number): SharedMemory {
  const probe = optimizer();
  const moments = probe.memory?.size ?? 0;
  probe.dispose();
  return createSharedMemory({ weights: countWeights(agent.weights), moments, workers });
}

function restarted(worker: number, of: number, error: Error): string {
  const which = of > 1 ? `worker ${worker + 1} of ${of}` : 'the worker';
  // One that was killed has nothing to say.
  const isKilled = error instanceof FastWeightsError && error.code === 'worker-lost';
  return `${which} died and was started anew${isKilled ? '.' : `: ${error.message}`}`;
}

async function keptResult(
  run: Run<'agent'>,
  { frames, updates, episodes }: AgentState,
  evaluation: AgentEvaluation,
  sessions: readonly Session[],
): Promise<KeptAgentResult> {
  const metrics = await (await readRun(run.directory)).metrics<'agent'>();
  const last = metrics.at(-1);
  return {
    ...{ frames, updates, episodes, stopped: 'frames' },
    ...(last && { last: { frames: last.frames, meanReward: last.meanReward } }),
    ...{ evaluation, seconds: secondsOf(sessions), sessions },
  };
}
