import path from 'node:path';
import type { BackendName } from '@fastweights/backends';
import type { AgentConfig } from '@fastweights/experiments';
import type { AgentProgress, AgentState, SharedMemory } from '@fastweights/trainers';
import { startLearners } from '@fastweights/trainers/node';
import { type Answers, answer, noAnswers, refuseAnswers } from './asking.ts';
import { heardInTurn } from './heard-in-turn.ts';
import type { FromLearner, LearnerJob } from './learner-job.ts';

export interface TrainLearnersOptions {
  readonly config: AgentConfig;
  readonly from: AgentState | undefined;
  /** Frames between two states. */
  readonly saveEvery: number;
  readonly backend: BackendName;
  /** What several of them share; without it one learns alone. */
  readonly memory: SharedMemory | undefined;
  readonly signal: AbortSignal;
}

/** Who hears of the learners; the one that told of a state waits for what is done with it. */
export interface LearnersListener {
  onProgress(progress: AgentProgress): unknown;
  onState(state: AgentState): unknown;
  /** One has died, and another takes its place. */
  onRestart(worker: number, error: Error): unknown;
}

/** Beside this module: TypeScript where it is run from its sources. */
const MODULE = new URL(`./learner-worker${path.extname(import.meta.url)}`, import.meta.url);

interface Told {
  readonly message: FromLearner;
  /** Of the thread that told it: another one may be in its place by now. */
  readonly answers: Answers;
}

/**
 * Trains an agent in worker threads, which may die alone, and answers the state at the end or when the signal came. One
 * that learns alone goes on from its last state, and leaves the bits of one that never died: what it then reports again is
 * passed over.
 */
export async function trainLearners(
  { config, from, saveEvery, backend, memory, signal }: TrainLearnersOptions,
  listener: LearnersListener,
): Promise<AgentState | undefined> {
  const failing = new AbortController();
  const answersOf = new Map<number, Answers>();
  let latest = from;
  let reported = from?.sums.reported ?? 0;
  const told = heardInTurn<Told>(
    async ({ message, answers }) => {
      if (message.kind === 'state') {
        await listener.onState(message.state);
        answer(answers);
      } else if (message.progress.frames > reported) {
        reported = message.progress.frames;
        await listener.onProgress(message.progress);
      }
    },
    () => {
      for (const answers of answersOf.values()) refuseAnswers(answers);
      failing.abort();
    },
  );
  await told.through(
    startLearners({
      memory,
      module: MODULE,
      data(index: number): LearnerJob {
        const answers = noAnswers();
        answersOf.set(index, answers);
        return { config, from: latest, saveEvery, backend, answers };
      },
      onMessage(posted, worker) {
        const message = posted as FromLearner;
        if (message.kind === 'state') latest = message.state;
        told.put({ message, answers: answersOf.get(worker) as Answers });
      },
      onRestart: (worker, error) => void listener.onRestart(worker, error),
      signal: AbortSignal.any([signal, failing.signal]),
    }),
  );
  return latest;
}
