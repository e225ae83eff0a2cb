import path from 'node:path';
import type { ImageProgress } from '@fastweights/experiments/node';
import type { Progress, TrainingState } from '@fastweights/trainers';
import { startWorkers } from '@fastweights/trainers/node';
import type { BackendFacts, JobListener, TrainedJob, TrainingJob } from './training-job.ts';

/** What a worker is started with. */
export interface WorkerTask {
  readonly job: TrainingJob;
  /** How often the worker has been answered; less than never once something went wrong. */
  readonly answers: SharedArrayBuffer;
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
  const answers = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const answered = new Int32Array(answers);
  let failure: { readonly error: unknown } | undefined;
  let turn: Promise<void> = Promise.resolve();
  const onMessage = (message: unknown): void => {
    turn = turn.then(async () => {
      if (failure) return;
      try {
        await hear(message as FromTraining, listener, answered);
      } catch (error) {
        failure = { error };
        Atomics.store(answered, 0, -1);
      }
    });
  };
  const data: WorkerTask = { job, answers };
  const ended = startWorkers<TrainedJob | undefined>({
    module: MODULE,
    workers,
    data,
    onMessage,
    signal,
  });
  try {
    const trained = await ended;
    await turn;
    if (!failure) return trained;
  } catch (error) {
    await turn;
    if (!failure) throw error;
  }
  throw failure.error;
}

async function hear(
  message: FromTraining,
  listener: JobListener,
  answered: Int32Array<SharedArrayBuffer>,
): Promise<void> {
  switch (message.kind) {
    case 'backend':
      return void (await listener.onBackend(message.facts));
    case 'open':
      await listener.onOpen();
      return void Atomics.add(answered, 0, 1);
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
      Atomics.add(answered, 0, 1);
  }
}
