import { isMainThread } from 'node:worker_threads';

// tsx loads TypeScript for the process alone; worker threads ask for it themselves.
if (!isMainThread) {
  const { register } = await import('tsx/esm/api');
  register();
}
