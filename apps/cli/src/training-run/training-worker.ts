import { runWorker } from '@fastweights/trainers/node';
import type { FromTraining, WorkerTask } from './grouped-training.ts';
import { trainJob } from './training-job.ts';

// What each worker thread of grouped-training.ts runs.

/** How often the leader looks whether its state has been saved, in ms. */
const LOOK = 2;

await runWorker<WorkerTask>(({ group, data, signal, post }) => {
  const answers = new Int32Array(data.answers);
  let sent = 0;
  const send = (message: FromTraining): void => post(message);
  const answered = (): boolean => {
    const now = Atomics.load(answers, 0);
    if (now < 0) throw new Error('What was trained could not be kept.');
    return now >= sent;
  };
  return trainJob(
    data.job,
    { signal, group },
    {
      onBackend: (facts) => send({ kind: 'backend', facts }),
      onProgress: (progress) => send({ kind: 'progress', progress }),
      onTest: () => send({ kind: 'test' }),
      async onState(state) {
        sent++;
        send({ kind: 'state', state });
        while (!answered()) await new Promise((resolve) => setTimeout(resolve, LOOK));
      },
    },
  );
});
