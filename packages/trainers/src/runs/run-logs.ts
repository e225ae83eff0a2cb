import { syncFolder } from '@fastweights/core/node';
import type { Progress } from '../supervised.ts';
import { createEventFile } from './event-file.ts';
import { type Metric, metricLine, openMetrics } from './metrics.ts';
import { progressScalars } from './progress-scalars.ts';
import { scalars } from './tensorboard-events.ts';

/** The two files that reports go to. */
export interface RunLogs {
  /** How long metrics.jsonl is. */
  readonly metricsBytes: number;
  report(progress: Progress): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Where reports go on. */
export interface LogsFrom {
  readonly update: number;
  readonly metricsBytes: number;
}

export async function openLogs(directory: string, from: LogsFrom): Promise<RunLogs> {
  const metrics = await openMetrics(directory, from.metricsBytes);
  const events = await createEventFile(directory, from.update + 1).catch(async (error) => {
    await metrics.close();
    throw error;
  });
  await syncFolder(directory);
  const speed = updatesPerSecond();
  return {
    get metricsBytes() {
      return metrics.size;
    },
    async report(progress) {
      const now = Date.now();
      const metric: Metric = {
        ...progress,
        time: new Date(now).toISOString(),
        ...speed(progress.update),
      };
      await metrics.append(new TextEncoder().encode(metricLine(metric)));
      await events.append(scalars(now / 1000, progress.update, progressScalars(metric)));
    },
    async sync() {
      await metrics.sync();
      await events.sync();
    },
    async close() {
      await metrics.close();
      await events.close();
    },
  };
}

/** From the second report of this process on. */
function updatesPerSecond(): (update: number) => Pick<Metric, 'updatesPerSecond'> {
  let last: { readonly update: number; readonly at: number } | undefined;
  return (update) => {
    const at = performance.now();
    const before = last;
    last = { update, at };
    if (!before || at <= before.at) return {};
    return { updatesPerSecond: ((update - before.update) / (at - before.at)) * 1000 };
  };
}
