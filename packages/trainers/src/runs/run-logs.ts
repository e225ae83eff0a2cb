import { syncFolder } from '@fastweights/core/node';
import { createEventFile } from './event-file.ts';
import { type Metric, metricLine, openMetrics } from './metrics.ts';
import { progressScalars } from './progress-scalars.ts';
import { scalars } from './tensorboard-events.ts';
import { type Count, countOf, type ProgressOf, type TrainingKind } from './training-kinds.ts';

/** The two files that reports go to. */
export interface RunLogs {
  /** How long metrics.jsonl is. */
  readonly metricsBytes: number;
  report(progress: ProgressOf<TrainingKind>): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Where reports go on. */
export interface LogsFrom {
  /** The last update, or frame, that is known. */
  readonly count: number;
  readonly metricsBytes: number;
}

export async function openLogs(directory: string, from: LogsFrom): Promise<RunLogs> {
  const metrics = await openMetrics(directory, from.metricsBytes);
  const events = await createEventFile(directory, from.count + 1).catch(async (error) => {
    await metrics.close();
    throw error;
  });
  await syncFolder(directory);
  const speed = perSecond();
  return {
    get metricsBytes() {
      return metrics.size;
    },
    async report(progress) {
      const now = Date.now();
      const count = countOf(progress);
      const metric: Metric<TrainingKind> = {
        ...progress,
        time: new Date(now).toISOString(),
        ...speed(count),
      };
      await metrics.append(new TextEncoder().encode(metricLine(metric)));
      await events.append(scalars(now / 1000, count.value, progressScalars(metric)));
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
function perSecond(): (
  count: Count,
) => Pick<Metric<TrainingKind>, 'updatesPerSecond' | 'framesPerSecond'> {
  let last: { readonly value: number; readonly at: number } | undefined;
  return ({ unit, value }) => {
    const at = performance.now();
    const before = last;
    last = { value, at };
    if (!before || at <= before.at) return {};
    const speed = ((value - before.value) / (at - before.at)) * 1000;
    return unit === 'frames' ? { framesPerSecond: speed } : { updatesPerSecond: speed };
  };
}
