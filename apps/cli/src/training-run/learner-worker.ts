import { useBackend } from '@fastweights/backends';
import { prepareAgent } from '@fastweights/experiments';
import { trainAgent } from '@fastweights/trainers';
import { runLearner } from '@fastweights/trainers/node';
import { waitForAnswer } from './asking.ts';
import type { FromLearner, LearnerJob } from './learner-job.ts';

// What each worker thread of train-learners.ts runs.

await runLearner<LearnerJob>(async ({ index, of, data, shared, signal, post }) => {
  const { config, from, saveEvery, backend } = data;
  await useBackend({ prefer: backend });
  const { agent, environment, optimizer, options } = prepareAgent(config, { index, of });
  const answered = waitForAnswer(data.answers);
  const send = (message: FromLearner): void => post(message);
  await trainAgent({
    ...options,
    ...{ agent, environment, optimizer: optimizer(), from, saveEvery, shared, signal },
    onProgress: (progress) => send({ kind: 'progress', progress }),
    onState(state) {
      send({ kind: 'state', state });
      return answered();
    },
  });
});
