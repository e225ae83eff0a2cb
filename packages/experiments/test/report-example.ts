import { normal, type Random, random, uniform } from '@fastweights/core';
import {
  type CurvePoint,
  createReport,
  type PaperTable,
  type PlannedRun,
  paperTables,
  planTable,
  type Report,
  type ReportFacts,
  type RunOutcome,
  type RunResult,
} from '../src/index.ts';

export const exampleFacts: ReportFacts = {
  command: 'fastweights reproduce table1 --budget standard --out "runs/<table 1>"',
  date: '2026-11-20T14:07:58Z',
  software: 'fastweights 0.0.0',
  commit: 'ec0fbfd+',
  machine: {
    Processor: 'AMD EPYC 7B13 & others',
    Cores: '2',
    Memory: '8 GB',
    System: 'Debian 12, Node 20.20.2',
    Backend: 'wasm, fused kernels',
  },
};

/** A report as it could look: curves that fall to about the paper's numbers, one run that failed, one to come. */
export async function exampleReport(names: readonly string[]): Promise<Report> {
  const tables = await Promise.all(
    names.map(async (name) => {
      const table = paperTables[name] as PaperTable;
      const plan = await planTable(table, { seeds: 3 });
      return { table, outcomes: plan.map((run, i) => outcomeOf(table, run, i, plan.length)) };
    }),
  );
  return createReport(tables, exampleFacts);
}

function outcomeOf(table: PaperTable, run: PlannedRun, i: number, of: number): RunOutcome {
  if (i === of - 2) return { status: 'left', run };
  if (i === of - 3) {
    return { status: 'failed', run, error: new Error('the loss was NaN at <update 7> & ended') };
  }
  return { status: 'done', run, result: resultOf(table, run) };
}

function resultOf(table: PaperTable, { model, units, seed, config }: PlannedRun): RunResult {
  const row = table.rows.find((row) => row.model === model);
  const paper = row?.paper[table.columns.indexOf(units)] ?? 50;
  const final = (table.measure === 'error' ? paper : 100 - paper) / 100;
  const draw = random(seed * 1000 + units);
  const curve = curveTo(final, config.training.maxUpdates, draw);
  const validationError = Math.min(...curve.map((point) => point.validationError ?? 1));
  return {
    updates: config.training.maxUpdates,
    stopped: 'updates',
    best: {
      validationError,
      validationLoss: 2 * validationError,
      update: config.training.maxUpdates,
    },
    testError: Math.max(0, validationError * (1 + 0.1 * normal(draw))),
    curve,
    seconds: 100 * uniform(draw, 0.5, 8),
  };
}

function curveTo(final: number, updates: number, draw: Random): CurvePoint[] {
  const start = uniform(draw, 0.1, 0.3);
  return Array.from({ length: 300 }, (_, i) => {
    const share = (i + 1) / 300;
    const left =
      share < start ? 0.62 + 0.26 * (1 - share / start) : 0.62 * Math.exp((start - share) * 14);
    const error = Math.max(0, final + Math.max(0, left - final) * (1 + 0.04 * normal(draw)));
    const isValidated = i % 5 === 4;
    return {
      update: Math.round(updates * share),
      loss: error * 2 + 0.002,
      ...(isValidated && { validationError: error, validationLoss: 2.1 * error }),
    };
  });
}
