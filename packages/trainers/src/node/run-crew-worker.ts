import type { CrewContext } from '../workers/crew.ts';
import type { CrewStart } from '../workers/thread-messages.ts';
import { workInThread } from '../workers/work-in-thread.ts';
import { ownPort } from './own-port.ts';

/** The work of a worker thread that `startCrew` has started. */
export async function runCrewWorker<Data>(
  work: (context: CrewContext<Data>) => unknown,
): Promise<void> {
  const port = ownPort<CrewStart>('runCrewWorker', 'startCrew', ['index', 'of', 'restarts']);
  const { index, of, restarts, data } = port.start;
  await workInThread(port, (context) =>
    work({ ...context, index, of, restarts, data: data as Data }),
  );
  port.close();
}
