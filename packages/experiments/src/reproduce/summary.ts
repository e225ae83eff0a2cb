import type { PaperTable } from '../tables/table.ts';
import type { RunOutcome } from './reproduce.ts';
import type { RunResult } from './run-result.ts';

/** One number of the paper, and what was found. */
export interface Cell {
  readonly model: string;
  readonly label: string;
  readonly units: number;
  /** Per cent, in the table's measure; undefined where the paper has none. */
  readonly paper: number | undefined;
  /** One for each seed that is done, in their order. */
  readonly seeds: readonly SeedResult[];
  /** Of the run that validation chooses. */
  readonly chosen: SeedResult | undefined;
  readonly mean: number | undefined;
  /** Standard deviation over the seeds, with n − 1; undefined for fewer than two. */
  readonly spread: number | undefined;
  readonly failed: readonly { readonly seed: number; readonly why: string }[];
  /** Runs whose turn has not come, or that were interrupted. */
  readonly left: number;
}

export interface SeedResult {
  readonly seed: number;
  /** Per cent of the test set, in the table's measure. */
  readonly value: number;
  /** The same of the validation set. */
  readonly validation: number;
  readonly result: RunResult;
}

/** The outcomes of a table's runs, cell by cell, rows first; cells that were not planned are left out. */
export function summarise(table: PaperTable, outcomes: readonly RunOutcome[]): Cell[] {
  const own = outcomes.filter(({ run }) => run.table === table.name);
  return table.rows.flatMap(({ model, label, paper }) =>
    table.columns.flatMap((units, at): Cell[] => {
      const runs = own.filter(({ run }) => run.model === model && run.units === units);
      if (runs.length === 0) return [];
      const seeds = runs.flatMap((outcome) => seedResult(table, outcome));
      const values = seeds.map(({ value }) => value);
      return [
        {
          ...{ model, label, units, seeds, paper: paper[at] },
          chosen: choose(seeds),
          mean: meanOf(values),
          spread: spreadOf(values),
          failed: runs.flatMap((outcome) =>
            outcome.status === 'failed' ? [failureOf(outcome)] : [],
          ),
          left: runs.filter(({ status }) => status === 'left').length,
        },
      ];
    }),
  );
}

/** The one with the lowest validation error; of equals, the one with the lowest loss there, then the lowest seed. */
function choose(seeds: readonly SeedResult[]): SeedResult | undefined {
  const [best] = seeds.toSorted(
    (a, b) =>
      a.result.best.validationError - b.result.best.validationError ||
      a.result.best.validationLoss - b.result.best.validationLoss ||
      a.seed - b.seed,
  );
  return best;
}

function seedResult({ measure }: PaperTable, outcome: RunOutcome): SeedResult[] {
  if (outcome.status !== 'done') return [];
  const { run, result } = outcome;
  const perCent = (error: number): number => 100 * (measure === 'error' ? error : 1 - error);
  const value = perCent(result.testError);
  return [{ seed: run.seed, value, validation: perCent(result.best.validationError), result }];
}

function failureOf({ run, error }: RunOutcome & { status: 'failed' }): {
  seed: number;
  why: string;
} {
  return { seed: run.seed, why: error instanceof Error ? error.message : String(error) };
}

export function meanOf(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Standard deviation with n − 1; undefined for fewer than two. */
export function spreadOf(values: readonly number[]): number | undefined {
  const mean = meanOf(values);
  if (mean === undefined || values.length < 2) return undefined;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}
