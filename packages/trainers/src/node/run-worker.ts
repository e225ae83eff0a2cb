import { joinGroup, type TrainingGroup } from '../workers/group.ts';
import type { WorkerStart } from '../workers/thread-messages.ts';
import { type WorkContext, workInThread } from '../workers/work-in-thread.ts';
import { ownPort } from './own-port.ts';

export interface WorkerContext<Data> extends WorkContext {
  /** For `trainSupervised` and `errorRate`. */
  readonly group: TrainingGroup;
  /** What `startWorkers` was given for all workers. */
  readonly data: Data;
}

/** The work of a worker thread that `startWorkers` has started; what the leader's returns is what that resolves to. */
export async function runWorker<Data>(
  work: (context: WorkerContext<Data>) => unknown,
): Promise<void> {
  const port = ownPort<WorkerStart>('runWorker', 'startWorkers', ['memory', 'index']);
  const { memory, index, data } = port.start;
  const group = joinGroup(memory, index);
  await workInThread(port, async (context) => {
    const result = await work({ ...context, group, data: data as Data });
    return index === 0 ? result : undefined;
  });
  group.leave();
  port.close();
}
