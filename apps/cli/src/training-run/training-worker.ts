import { runWorker } from '@fastweights/trainers/node';
import { waitForAnswer } from './asking.ts';
import type { FromTraining, WorkerTask } from './grouped-training.ts';
import { trainJob } from './training-job.ts';

// What each worker thread of grouped-training.ts runs.

await runWorker<WorkerTask>(({ group, data, signal, post }) => {
  const answered = waitForAnswer(data.answers);
  const send = (message: FromTraining): void => post(message);
  const ask = (question: FromTraining): Promise<void> => {
    send(question);
    return answered();
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
