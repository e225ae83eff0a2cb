export { runWorker, type WorkerContext } from './run-worker.ts';
export { type StartWorkersOptions, startWorkers } from './start-workers.ts';
