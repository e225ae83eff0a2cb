import { open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { appendTo, type GrowingFile, ifThere } from '@fastweights/core/node';
import { RunError } from './run-error.ts';
import type { ProgressOf, TrainingKind } from './training-kinds.ts';

const METRICS = 'metrics.jsonl';

/** A line of metrics.jsonl. */
export type Metric<Kind extends TrainingKind = 'supervised'> = ProgressOf<Kind> & Clocked;

/** All that differs between two equal runs. */
interface Clocked {
  /** When it was reported: ISO 8601. */
  readonly time: string;
  /** Since the report before it, in the same process. */
  readonly updatesPerSecond?: number;
  /** The same for an agent, which counts frames. */
  readonly framesPerSecond?: number;
}

/** JSON has no NaN and no infinities: null stands for them, and `notFinite` says which they were. */
export function metricLine(metric: Metric<TrainingKind>): string {
  const odd = Object.entries(metric).filter(
    ([, value]) => typeof value === 'number' && !Number.isFinite(value),
  );
  const notFinite = Object.fromEntries(odd.map(([key, value]) => [key, String(value)]));
  return `${JSON.stringify({ ...metric, ...(odd.length > 0 && { notFinite }) })}\n`;
}

/**
 * All whole lines; the last one may be torn, where a process was killed or is just writing.
 *
 * @throws RunError where a whole line is damaged
 */
export async function readMetrics<Kind extends TrainingKind>(
  directory: string,
): Promise<readonly Metric<Kind>[]> {
  const text = (await ifThere(readFile(path.join(directory, METRICS), 'utf8'))) ?? '';
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line, i) => {
    try {
      return parseLine(line) as Metric<Kind>;
    } catch (cause) {
      const where = `Line ${i + 1} of ${path.join(directory, METRICS)} is damaged`;
      throw new RunError(directory, 'damaged', `${where}; delete it to read the others.`, {
        cause,
      });
    }
  });
}

function parseLine(line: string): unknown {
  const { notFinite, ...metric } = JSON.parse(line) as {
    readonly notFinite?: Readonly<Record<string, string>>;
  };
  const odd = Object.entries(notFinite ?? {}).map(([key, text]) => [key, Number(text)]);
  return { ...metric, ...Object.fromEntries(odd) };
}

/** Goes on after so many bytes; where fewer are left, after the last whole line. */
export async function openMetrics(directory: string, bytes: number): Promise<GrowingFile> {
  const file = path.join(directory, METRICS);
  return appendTo(file, await wholeLines(file, bytes));
}

async function wholeLines(file: string, bytes: number): Promise<number> {
  if (bytes === 0) return 0;
  const handle = await ifThere(open(file, 'r'));
  if (!handle) return 0;
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(bytes), 0, bytes, 0);
    return buffer.subarray(0, bytesRead).lastIndexOf('\n') + 1;
  } finally {
    await handle.close();
  }
}
