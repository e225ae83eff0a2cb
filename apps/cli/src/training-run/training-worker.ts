import { runWorker } from '@fastweights/trainers/node';
import type { FromTraining, WorkerTask } from './grouped-training.ts';
import { trainJob } from './training-job.ts';

// What each worker thread of grouped-training.ts runs.

/** How often the leader looks whether it has been answered, in ms. */
const LOOK = 2;

await runWorker<WorkerTask>(({ group, data, signal, post }) => {
  const answers = new Int32Array(data.answers);
  let asked = 0;
  const send = (message: FromTraining): void => post(message);
  const isAnswered = (): boolean => {
    const now = Atomics.load(answers, 0);
    if (now < 0) throw new Error('What was trained could not be kept.');
    return now >= asked;
  };
  const ask = async (question: FromTraining): Promise<void> => {
    asked++;
    send(question);
    while (!isAnswered()) await new Promise((resolve) => setTimeout(resolve, LOOK));
  };
  return trainJob(
    data.job,
    // A single worker has nobody to wait for, and trains as the main thread does.
    { signal, group: group.of > 1 ? group : undefined },
    {
      onBackend: (facts) => send({ kind: 'backend', facts }),
      onOpen: () => ask({ kind: 'open' }),
      onImages: (progress) => send({ kind: 'images', progress }),
      onOpened: () => send({ kind: 'opened' }),
      onProgress: (progress) => send({ kind: 'progress', progress }),
      onState: (state) => ask({ kind: 'state', state }),
      onTest: () => send({ kind: 'test' }),
    },
  );
});
