import type { AgentFigure, AgentRow, Board, RewardReading } from '../tables/agent-figure.ts';
import type { DrawnSettings } from '../tables/search.ts';
import type { AgentOutcome } from './agent-result.ts';
import { bestTrials, type DoneAgentRun } from './best-trials.ts';
import { areaUnder, type BandPoint, framesUntil, meanCurve, rewardAtEnd } from './reward-curves.ts';

/** One model on one board: its search, the best of it averaged, and the seeds of the best setting. */
export interface AgentCell {
  readonly board: string;
  readonly model: string;
  readonly label: string;
  /** The best first. */
  readonly trials: readonly RunSummary[];
  /** Trials that were averaged, as the paper does. */
  readonly best: CurveGroup;
  /** The setting that was chosen, and its seeds. */
  readonly chosen: RunSummary | undefined;
  readonly seeds: CurveGroup;
  readonly failed: readonly FailedRun[];
  /** Runs whose turn has not come, or that were interrupted. */
  readonly left: number;
  /** What the paper's curve says of the same, as far as it can be read off. */
  readonly paper: PaperTiming;
}

export interface RunSummary {
  readonly trial: number;
  readonly seed: number;
  readonly drawn: DrawnSettings;
  /** The mean reward over all frames: what trials are ranked by. */
  readonly overall: number;
  /** The mean reward over the last tenth of the frames. */
  readonly atEnd: number;
  /** Until the mean reward first reached the figure's level; undefined where it did not. */
  readonly framesUntil: number | undefined;
  readonly seconds: number;
  readonly hash: string;
}

/** Several runs as one curve. */
export interface CurveGroup {
  readonly runs: readonly RunSummary[];
  readonly curve: readonly BandPoint[];
  /** Of the mean curve. */
  readonly framesUntil: number | undefined;
  /** The same as a share of the reference model's. */
  readonly ratio: number | undefined;
}

export interface FailedRun {
  readonly stage: 'search' | 'seeds';
  readonly trial: number;
  readonly seed: number;
  readonly why: string;
}

export interface PaperTiming {
  readonly readOff: readonly RewardReading[];
  /** In units of the paper's axis, between two points that were read off. */
  readonly until: number | undefined;
  readonly ratio: number | undefined;
}

/** The outcomes of a figure's runs, board by board and model by model; what was not planned is left out. */
export function summariseFigure(
  figure: AgentFigure,
  outcomes: readonly AgentOutcome[],
): AgentCell[] {
  const own = outcomes.filter(({ run }) => run.figure === figure.name);
  return figure.boards.flatMap((board) => {
    const cells = figure.rows.flatMap((row): AgentCell[] => {
      const runs = own.filter(({ run }) => run.board === board.name && run.model === row.model);
      return runs.length === 0 ? [] : [cellOf(figure, board, row, runs)];
    });
    return withRatios(figure, board, cells);
  });
}

function cellOf(
  figure: AgentFigure,
  board: Board,
  row: AgentRow,
  outcomes: readonly AgentOutcome[],
): AgentCell {
  const { level } = figure;
  const search = bestTrials(outcomes.filter(({ run }) => run.stage === 'search'));
  const done = outcomes
    .filter((outcome): outcome is DoneAgentRun => outcome.status === 'done')
    .filter(({ run }) => run.stage === 'seeds')
    .toSorted((a, b) => a.run.seed - b.run.seed);
  const trials = search.map((run) => summaryOf(run, level));
  const chosen = done[0]?.run.trial ?? trials[0]?.trial;
  return {
    board: board.name,
    model: row.model,
    label: row.label,
    trials,
    best: groupOf(search.slice(0, figure.best), level),
    chosen: trials.find(({ trial }) => trial === chosen),
    seeds: groupOf(done, level),
    failed: outcomes.flatMap((outcome) =>
      outcome.status === 'failed' ? [failureOf(outcome)] : [],
    ),
    left: outcomes.filter(({ status }) => status === 'left').length,
    paper: paperTiming(figure, board, row),
  };
}

function summaryOf({ run, result }: DoneAgentRun, level: number): RunSummary {
  const { trial, seed, drawn, hash } = run;
  const { curve, seconds } = result;
  return {
    ...{ trial, seed, drawn, hash, seconds },
    overall: areaUnder(curve),
    atEnd: rewardAtEnd(curve),
    framesUntil: framesUntil(curve, level),
  };
}

function groupOf(runs: readonly DoneAgentRun[], level: number): CurveGroup {
  const curve = meanCurve(runs.map(({ result }) => result.curve));
  return {
    runs: runs.map((run) => summaryOf(run, level)),
    curve,
    framesUntil: framesUntil(curve, level),
    ratio: undefined,
  };
}

function failureOf({ run, error }: AgentOutcome & { readonly status: 'failed' }): FailedRun {
  const { stage, trial, seed } = run;
  return { stage, trial, seed, why: error instanceof Error ? error.message : String(error) };
}

function withRatios(figure: AgentFigure, board: Board, cells: readonly AgentCell[]): AgentCell[] {
  const reference = cells.find(({ model }) => model === figure.reference);
  const row = figure.rows.find(({ model }) => model === figure.reference);
  const paper = row && paperTiming(figure, board, row).until;
  return cells.map((cell) => ({
    ...cell,
    best: { ...cell.best, ratio: ratio(cell.best.framesUntil, reference?.best.framesUntil) },
    seeds: { ...cell.seeds, ratio: ratio(cell.seeds.framesUntil, reference?.seeds.framesUntil) },
    paper: { ...cell.paper, ratio: ratio(cell.paper.until, paper) },
  }));
}

const ratio = (own: number | undefined, other: number | undefined): number | undefined =>
  own === undefined || other === undefined ? undefined : own / other;

/** A curve whose first point is above the level may have reached it at any time before. */
function paperTiming(figure: AgentFigure, board: Board, { readOff }: AgentRow): PaperTiming {
  const points = readOff[board.name] ?? [];
  const isLate = (points[0]?.meanReward ?? 0) > figure.level;
  const curve = points.map(({ x, meanReward }) => ({ frames: x, meanReward }));
  const until = isLate ? undefined : framesUntil(curve, figure.level);
  return { readOff: points, until, ratio: undefined };
}
