import path from 'node:path';
import type { ImageProgress } from '@fastweights/experiments/node';
import type { Progress, TrainingState } from '@fastweights/trainers';
import { startWorkers } from '@fastweights/trainers/node';
import { type Answers, answer, noAnswers, refuseAnswers } from './asking.ts';
import { heardInTurn } from './heard-in-turn.ts';
import type { BackendFacts, JobListener, TrainedJob, TrainingJob } from './training-job.ts';

/** What a worker is started with. */
export interface WorkerTask {
  readonly job: TrainingJob;
  readonly answers: Answers;
}

export type FromTraining =
  | { readonly kind: 'backend'; readonly facts: BackendFacts }
  | { readonly kind: 'open' }
  | { readonly kind: 'images'; readonly progress: ImageProgress }
  | { readonly kind: 'opened' }
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'state'; readonly state: TrainingState }
  | { readonly kind: 'test' };

/** Beside this module: TypeScript where it is run from its sources. */
const MODULE = new URL(`./training-worker${path.extname(import.meta.url)}`, import.meta.url);

/** Trains with worker threads, each with its share of every batch; what is kept is kept by this thread. */
export async function trainInWorkers(
  job: TrainingJob,
  { workers, signal }: { readonly workers: number; readonly signal: AbortSignal },
  listener: JobListener,
): Promise<TrainedJob | undefined> {
  const answers = noAnswers();
  const told = heardInTurn<FromTraining>(
    (message) => hear(message, listener, answers),
    () => refuseAnswers(answers),
  );
  const data: WorkerTask = { job, answers };
  return told.through(
    startWorkers<TrainedJob | undefined>({
      module: MODULE,
      workers,
      data,
      onMessage: (message) => told.put(message as FromTraining),
      signal,
    }),
  );
}

async function hear(message: FromTraining, listener: JobListener, answers: Answers): Promise<void> {
  switch (message.kind) {
    case 'backend':
      return void (await listener.onBackend(message.facts));
    case 'open':
      await listener.onOpen();
      return answer(answers);
    case 'images':
      return void (await listener.onImages(message.progress));
    case 'opened':
      return void (await listener.onOpened());
    case 'progress':
      return void (await listener.onProgress(message.progress));
    case 'test':
      return void (await listener.onTest());
    case 'state':
      await listener.onState(message.state);
      answer(answers);
  }
}
