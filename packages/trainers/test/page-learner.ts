import { runLearner } from '../src/page/index.ts';

// What each learner of crew.browser.test.ts does.

await runLearner<string>(({ index, data, shared }) => ({
  index,
  data,
  isShared: shared !== undefined,
}));
