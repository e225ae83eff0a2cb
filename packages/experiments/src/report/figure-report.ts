import type { AgentOutcome } from '../reproduce/agent-result.ts';
import { type AgentCell, summariseFigure } from '../reproduce/figure-summary.ts';
import type { AgentFigure } from '../tables/agent-figure.ts';
import type { PlannedAgentRun } from '../tables/plan-figure.ts';
import { checkFacts } from './check-facts.ts';
import type { ReportFacts } from './report.ts';

/** All that the report of a figure about agents shows, as plain data: `report.json`. */
export interface FigureReport {
  readonly facts: ReportFacts;
  readonly figure: AgentFigure;
  /** What each model was given, on each board alike. */
  readonly spent: readonly Spent[];
  readonly cells: readonly AgentCell[];
  readonly runs: readonly ReportedAgentRun[];
}

/** The budget of one model on one board, as it was planned. */
export interface Spent {
  readonly board: string;
  readonly model: string;
  readonly trials: number;
  readonly seeds: number;
  /** Of each run; there is more than one where settings were changed between them. */
  readonly frames: readonly number[];
}

type ReportedAgentRun = PlannedAgentRun & { readonly status: AgentOutcome['status'] };

/**
 * What is to be reported of a figure, from what became of its runs.
 *
 * @throws OptionError
 */
export function createFigureReport(
  figure: AgentFigure,
  outcomes: readonly AgentOutcome[],
  facts: ReportFacts,
): FigureReport {
  checkFacts(facts);
  const own = outcomes.filter(({ run }) => run.figure === figure.name);
  const cells = summariseFigure(figure, own);
  const seconds = own.reduce(
    (sum, each) => sum + (each.status === 'done' ? each.result.seconds : 0),
    0,
  );
  return {
    facts: { ...facts, seconds: facts.seconds ?? seconds },
    figure,
    spent: cells.map(({ board, model }) => spentOn(own, board, model)),
    cells,
    runs: own.map(({ run, status }) => ({ ...run, status })),
  };
}

function spentOn(outcomes: readonly AgentOutcome[], board: string, model: string): Spent {
  const runs = outcomes
    .map(({ run }) => run)
    .filter((run) => run.board === board && run.model === model);
  const count = (stage: PlannedAgentRun['stage']): number =>
    runs.filter((run) => run.stage === stage).length;
  const frames = new Set(runs.map(({ config }) => config.training.maxFrames));
  return { board, model, trials: count('search'), seeds: count('seeds'), frames: [...frames] };
}
