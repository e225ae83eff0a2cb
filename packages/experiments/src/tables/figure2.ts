import type { CurveReading, PaperTable, RowPlan } from './table.ts';
import { table1 } from './table1.ts';

/** Points of the paper's curves, read off by eye: test negative log-likelihood in nats. */
const readings: Readonly<Record<string, readonly CurveReading[]>> = {
  'fast-weights': [{ update: 55_000, value: 0 }],
  lstm: [
    { update: 87_500, value: 0.5 },
    { update: 250_000, value: 0.2 },
    { update: 750_000, value: 0.1 },
  ],
  'a-lstm': [
    { update: 160_000, value: 0.5 },
    { update: 750_000, value: 0.08 },
  ],
  irnn: [
    { update: 100_000, value: 1.195 },
    { update: 750_000, value: 1.195 },
  ],
};

const COLUMN = 50;

/** Of what there is for each column of Table 1, that of the one column here. */
function only<T>(values: readonly T[]): T[] {
  return values.slice(table1.columns.indexOf(COLUMN)).slice(0, 1);
}

const narrow = (plan: RowPlan): RowPlan => ({
  ...plan,
  updates: only(plan.updates),
  stepSize: only(plan.stepSize),
  ...(plan.clipNorm && { clipNorm: only(plan.clipNorm) }),
});

/** Ba et al. 2016, Figure 2: how the models of Table 1 learn at R = 50; with the same plan, its runs are those of Table 1. */
export const figure2: PaperTable = {
  ...table1,
  name: 'figure2',
  title: 'Figure 2. Associative retrieval, R = 50, while it is learned',
  about: 'The loss of the four models over their updates.',
  source: 'Ba et al. 2016, Figure 2; circles are read off by eye',
  curve: 'validation loss',
  columns: [COLUMN],
  rows: table1.rows.map((row) => {
    const { quick, standard, full } = row.plan;
    return {
      ...row,
      paper: only(row.paper),
      ...(row.settings && { settings: only(row.settings) }),
      readOff: readings[row.model] ?? [],
      plan: { quick: narrow(quick), standard: narrow(standard), full: narrow(full) },
    };
  }),
  notes: [
    'The paper draws the negative log-likelihood of the test strings; the curve here is that of the validation strings, so that the test strings are looked at once, at the end.',
    ...table1.notes,
  ],
};
