import {
  type BackendReport,
  DEFAULT_JOB,
  examineBackends,
  useBackend,
} from '@fastweights/backends';
import { exitCodes } from '../exit-codes.ts';
import { invocation } from '../invocation.ts';
import { roomOf } from '../terminal/frame.ts';
import type { Line } from '../terminal/line.ts';
import { printLines } from '../terminal/print-lines.ts';
import { wrap } from '../terminal/wrap.ts';

export interface DoctorOptions {
  readonly json?: boolean;
  readonly software?: boolean;
}

/** Tries every backend, and says which is taken, how fast each is, and what to do about those that are not there. */
export async function doctorCommand({ json, software = false }: DoctorOptions): Promise<number> {
  const reports = await examineBackends({ software });
  const taken = await useBackend({ software }).catch(() => undefined);
  if (json) {
    console.log(JSON.stringify({ taken: taken?.name ?? null, backends: reports.map(plain) }));
  } else {
    const columns = process.stdout.isTTY ? roomOf(process.stdout).columns : 100;
    printLines(page(reports, taken?.name, columns));
  }
  return taken ? exitCodes.done : exitCodes.failure;
}

function plain({ refusal, ...report }: BackendReport): object {
  if (!refusal) return { ...report, works: true };
  const { code, reason, cure } = refusal;
  return { ...report, works: false, refusal: { code, reason, cure } };
}

const NAME = 12;

function page(
  reports: readonly BackendReport[],
  taken: string | undefined,
  columns: number,
): Line[] {
  const { batchSize, time, units } = DEFAULT_JOB;
  const step = `Times are of one training step: ${batchSize} strings of ${time} characters, ${units} units.`;
  const advice = `${invocation()} train retrieval --backend <name> takes another.`;
  return [
    [['strong', 'What can compute here'], ', in the order of trying; the fastest is taken.'],
    [''],
    ...reports.flatMap((report) => [...entry(report, report.name === taken, columns), ['']]),
    ...[step, ...(taken ? [advice] : [])]
      .flatMap((text) => wrap(text, columns))
      .map((text): Line => [['faint', text]]),
  ];
}

function entry(report: BackendReport, isTaken: boolean, columns: number): Line[] {
  const { name, refusal, device = '', packageName = '', version = '', milliseconds = 0 } = report;
  const { fused, unfused } = report;
  const room = Math.max(columns - NAME - 1, 20);
  const indented = (texts: readonly string[], style?: 'faint'): Line[] =>
    texts.map((text) => [' '.repeat(NAME), style ? [style, text] : text]);
  if (refusal) {
    const [first = '', ...more] = wrap(refusal.reason, room);
    return [
      [['faint', name.padEnd(NAME)], first],
      ...indented(more),
      ...indented(wrap(refusal.cure, room), 'faint'),
    ];
  }
  const mark = isTaken ? '  ← taken' : '';
  return [
    [
      ['strong', name.padEnd(NAME)],
      `${milliseconds.toFixed(1)} ms, ${fused ? 'fused kernels' : 'op by op'}, self-test passed`,
      ['read', mark],
    ],
    ...(unfused ? indented(wrap(unfused, room)) : []),
    ...indented(wrap(device, room)),
    ...indented(wrap(`${packageName} ${version}`, room), 'faint'),
  ];
}
