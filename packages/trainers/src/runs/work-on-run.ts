import { checkpointsOf } from './checkpoints.ts';
import type { RunDescription } from './description.ts';
import { inTurn } from './in-turn.ts';
import { writeResult } from './result-files.ts';
import type { Run } from './run.ts';
import { guarded, RunError } from './run-error.ts';
import { type LogsFrom, openLogs, type RunLogs } from './run-logs.ts';
import { countOf, type StateOf, type TrainingKind } from './training-kinds.ts';

/** A run whose lock this process holds. */
export function workOn<Kind extends TrainingKind>(
  directory: string,
  description: RunDescription,
  unlock: () => void,
): Run<Kind> {
  const checkpoints = checkpointsOf(directory, description.hash);
  const turn = inTurn();
  let from: LogsFrom | undefined;
  let logs: RunLogs | undefined;
  let over: 'finished' | 'closed' | undefined;

  const whileOpen = <Value>(work: () => Promise<Value>): Promise<Value> =>
    turn(async () => {
      if (over) throw tooLate(directory, over);
      return guarded(directory, work);
    });

  const latest: Run<Kind>['latestCheckpoint'] = async (onRefused) => {
    const found = await checkpoints.latest(onRefused);
    from = { count: countOf(found?.state).value, metricsBytes: found?.metricsBytes ?? 0 };
    // Of the same config, and so of the same kind.
    return found?.state as StateOf<Kind> | undefined;
  };

  /** Only with the first report is anything forgotten: a run that was merely opened stays as it is. */
  async function logsOf(): Promise<RunLogs> {
    if (!from) await latest();
    logs ??= await openLogs(directory, from ?? { count: 0, metricsBytes: 0 });
    return logs;
  }

  async function closeLogs(): Promise<void> {
    const open = logs;
    logs = undefined;
    await open?.close();
  }

  return {
    directory,
    ...description,
    report: (progress) => whileOpen(async () => (await logsOf()).report(progress)),
    saveCheckpoint: (state) =>
      whileOpen(async () => {
        const { metricsBytes, sync } = await logsOf();
        await sync();
        await checkpoints.save({ state, metricsBytes });
      }),
    latestCheckpoint: (onRefused) => whileOpen(() => latest(onRefused)),
    finish: (result, weights) =>
      whileOpen(async () => {
        await (await logsOf()).sync();
        await writeResult(directory, description.hash, result, weights);
        over = 'finished';
        await closeLogs();
        await checkpoints.removeOwn();
      }),
    close: () =>
      turn(async () => {
        if (over === 'closed') return;
        over = 'closed';
        try {
          await guarded(directory, closeLogs);
        } finally {
          unlock();
        }
      }),
  };
}

function tooLate(directory: string, over: 'finished' | 'closed'): RunError {
  const what = over === 'closed' ? 'closed; open it again' : 'finished; open another directory';
  return new RunError(directory, over, `The run ${directory} is ${what} to go on.`);
}
