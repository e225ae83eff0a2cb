import type { ExperimentConfig } from '../config/config.ts';
import type { RunOutcome } from '../reproduce/reproduce.ts';
import type { CurvePoint } from '../reproduce/run-result.ts';
import { type Cell, summarise } from '../reproduce/summary.ts';
import type { PaperTable } from '../tables/table.ts';
import { checkFacts } from './check-facts.ts';

/** What a report says of how it came about. */
export interface ReportFacts {
  /** What to type for the same again. */
  readonly command: string;
  /** When, as an ISO date. */
  readonly date: string;
  /** Name and version of the program, such as `fastweights 1.0.0`. */
  readonly software: string;
  /** Of the sources; with a plus sign if they were changed since. */
  readonly commit?: string;
  /** Line by line: processor, cores, memory, system, Node, backend. */
  readonly machine: Readonly<Record<string, string>>;
  /** Of all runs, those of earlier sessions too. */
  readonly seconds?: number;
}

/** All that a report shows, as plain data: `report.json`. */
export interface Report {
  readonly facts: ReportFacts;
  readonly tables: readonly TableReport[];
}

export interface TableReport {
  readonly table: PaperTable;
  readonly cells: readonly Cell[];
  readonly runs: readonly ReportedRun[];
}

export interface ReportedRun {
  readonly model: string;
  readonly units: number;
  readonly seed: number;
  readonly status: RunOutcome['status'];
  readonly hash: string;
  readonly config: ExperimentConfig;
}

/** More points than this are more than a curve of a few hundred pixels can show. */
const MOST_POINTS = 160;

/**
 * What is to be reported of some tables, from what became of their runs.
 *
 * @throws OptionError
 */
export function createReport(
  tables: readonly { readonly table: PaperTable; readonly outcomes: readonly RunOutcome[] }[],
  facts: ReportFacts,
): Report {
  checkFacts(facts);
  return {
    facts: { ...facts, seconds: facts.seconds ?? secondsOf(tables.flatMap((t) => t.outcomes)) },
    tables: tables.map(({ table, outcomes }) => {
      const own = outcomes.filter(({ run }) => run.table === table.name);
      return {
        table,
        cells: summarise(table, own.map(withFewPoints)),
        runs: own.map(({ run, status }) => {
          const { model, units, seed, hash, config } = run;
          return { model, units, seed, status, hash, config };
        }),
      };
    }),
  };
}

/** Runs of equal configs are one run, in however many tables they stand. */
function secondsOf(outcomes: readonly RunOutcome[]): number {
  const seconds = new Map<string, number>();
  for (const outcome of outcomes) {
    if (outcome.status === 'done') seconds.set(outcome.run.hash, outcome.result.seconds);
  }
  return [...seconds.values()].reduce((sum, each) => sum + each, 0);
}

function withFewPoints(outcome: RunOutcome): RunOutcome {
  if (outcome.status !== 'done') return outcome;
  return { ...outcome, result: { ...outcome.result, curve: thin(outcome.result.curve) } };
}

/** Fewer points: losses are averaged, the last validation of those that become one is kept. */
export function thin(curve: readonly CurvePoint[], most: number = MOST_POINTS): CurvePoint[] {
  const together = Math.ceil(curve.length / most);
  if (together <= 1) return [...curve];
  const points: CurvePoint[] = [];
  for (let start = 0; start < curve.length; start += together) {
    const some = curve.slice(start, start + together);
    const { update } = some.at(-1) as CurvePoint;
    const loss = some.reduce((sum, point) => sum + point.loss, 0) / some.length;
    const validated = some.findLast((point) => point.validationError !== undefined);
    points.push({ ...validated, update, loss });
  }
  return points;
}
