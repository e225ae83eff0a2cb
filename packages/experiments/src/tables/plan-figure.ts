import { checkInteger } from '@fastweights/core';
import { type AgentConfig, parseAgentConfig } from '../config/config.ts';
import { ConfigError, checkWord } from '../config/config-error.ts';
import { configHash } from '../config/config-hash.ts';
import { applySettings } from '../config/settings.ts';
import type { AgentOutcome } from '../reproduce/agent-result.ts';
import { bestTrials } from '../reproduce/best-trials.ts';
import type { AgentFigure, AgentRow, Board, FigurePlan } from './agent-figure.ts';
import { type DrawnSettings, drawSettings } from './search.ts';
import { type Budget, budgets } from './table.ts';

export interface FigureOptions {
  /** Default `standard`. */
  readonly budget?: Budget;
  /** Kinds of models; default all rows. */
  readonly models?: readonly string[];
  /** Names of boards, such as `16,3`; default those of the paper. */
  readonly boards?: readonly string[];
  /** How many settings are tried, in place of the budget's number. */
  readonly trials?: number;
  /** How many seeds the best one has, in place of the budget's number. */
  readonly seeds?: number;
  /** Of each run, in place of the budget's number. */
  readonly frames?: number;
  /** As `applySettings` takes them, for every run. */
  readonly settings?: readonly string[];
}

/** One run of a figure about agents: a trial of the search, or a seed of what the search has chosen. */
export interface PlannedAgentRun {
  readonly figure: string;
  /** The board's name. */
  readonly board: string;
  readonly model: string;
  readonly stage: 'search' | 'seeds';
  /** Which settings, from 1; a run of the second stage has those of the best trial. */
  readonly trial: number;
  /** What was drawn for the trial. */
  readonly drawn: DrawnSettings;
  readonly seed: number;
  readonly config: AgentConfig;
  readonly hash: string;
}

/** Seeds of the search begin after this one: those of the second stage are others. */
const SEARCH_SEEDS = 1000;

/** In a run: enough for a curve, and each has many episodes. */
const REPORTS = 100;

/**
 * The runs of a figure, as far as they are known: the search, one trial of every model before the next of any; and, where
 * all trials of a model on a board have come to an end, the seeds of its best one. It is a function of what became of the
 * runs before: plan, run, and plan again, as `reproduceInStages` does.
 *
 * @throws ConfigError
 */
export async function planFigure(
  figure: AgentFigure,
  options: FigureOptions = {},
  outcomes: readonly AgentOutcome[] = [],
): Promise<PlannedAgentRun[]> {
  const { trials, seeds } = budgetOf(figure, options);
  const cells = cellsOf(figure, options);
  const count = (most: number): number[] => Array.from({ length: most }, (_, i) => i + 1);
  const search = count(trials).flatMap((trial) =>
    cells.map((cell) => ({ cell, stage: 'search' as const, trial, seed: SEARCH_SEEDS + trial })),
  );
  const chosen = cells.flatMap((cell) => {
    const own = outcomes.filter(
      ({ run }) =>
        run.stage === 'search' && run.board === cell.board.name && run.model === cell.row.model,
    );
    const ended = own.filter(({ status }) => status !== 'left');
    const [best] = ended.length === trials ? bestTrials(own) : [];
    return best ? [{ cell, trial: best.run.trial }] : [];
  });
  const second = count(seeds).flatMap((seed) =>
    chosen.map(({ cell, trial }) => ({ cell, stage: 'seeds' as const, trial, seed })),
  );
  return Promise.all([...search, ...second].map((place) => planned(figure, options, place)));
}

/** How much every model gets, the same for all. */
export function budgetOf(figure: AgentFigure, options: FigureOptions): FigurePlan {
  const { budget = 'standard' } = options;
  checkWord('--budget', budget, budgets);
  const plan = figure.plan[budget];
  const { trials = plan.trials, seeds = plan.seeds, frames } = options;
  checkInteger('trials', trials, 1);
  checkInteger('seeds', seeds, 1);
  return { trials, seeds, frames: plan.frames.map((own) => frames ?? own) };
}

interface Cell {
  readonly board: Board;
  readonly row: AgentRow;
}

type Place = Pick<PlannedAgentRun, 'stage' | 'trial' | 'seed'> & { readonly cell: Cell };

function cellsOf({ name, boards, rows }: AgentFigure, options: FigureOptions): Cell[] {
  const models = rows.map(({ model }) => model);
  const names = boards.map((board) => board.name);
  for (const model of options.models ?? []) checkWord(`a model of ${name}`, model, models);
  for (const board of options.boards ?? []) checkWord(`a board of ${name}`, board, names);
  const shown = boards.filter((board) => options.boards?.includes(board.name) ?? !board.isOwn);
  const compared = rows.filter(({ model }) => options.models?.includes(model) ?? true);
  return shown.flatMap((board) => compared.map((row) => ({ board, row })));
}

async function planned(
  figure: AgentFigure,
  options: FigureOptions,
  { cell, stage, trial, seed }: Place,
): Promise<PlannedAgentRun> {
  const { board, row } = cell;
  const drawn = drawSettings({ ...figure.space, ...row.space }, { seed: figure.searchSeed, trial });
  const config = applySettings(configOf(figure, options, cell, seed), [
    ...Object.entries(drawn).map(([path, value]) => `${path}=${value}`),
    ...(options.settings ?? []),
  ]);
  checkPlace(config, cell, seed, drawn);
  const place = { figure: figure.name, board: board.name, model: row.model, stage, trial, seed };
  return { ...place, drawn, config, hash: await configHash(config) };
}

function configOf(
  figure: AgentFigure,
  options: FigureOptions,
  { board, row }: Cell,
  seed: number,
): AgentConfig {
  const { size, visibleFrames } = board;
  const maxFrames = budgetOf(figure, options).frames[figure.boards.indexOf(board)] as number;
  const reportEvery = Math.max(1, Math.ceil(maxFrames / REPORTS));
  const config = parseAgentConfig({
    task: 'catch',
    data: { size, visibleFrames },
    model: { kind: row.model },
    training: { maxFrames, reportEvery },
    seed,
  });
  return applySettings(config, figure.settings);
}

/** A setting changes how all runs are trained, neither which ones there are nor what is searched over. */
function checkPlace(config: AgentConfig, { board, row }: Cell, seed: number, drawn: DrawnSettings) {
  const places: readonly (readonly [path: string, planned: unknown, cure: string])[] = [
    ['data.size', board.size, 'Choose boards with --board.'],
    ['data.visibleFrames', board.visibleFrames, 'Choose boards with --board.'],
    ['model.kind', row.model, 'Choose models with --models.'],
    ['seed', seed, 'Choose the number of seeds with --seeds.'],
    ...Object.entries(drawn).map(
      ([path, value]) => [path, value, 'It is searched over: leave it out.'] as const,
    ),
  ];
  for (const [path, expected, cure] of places) {
    const found = path.split('.').reduce<unknown>((at, key) => (at as never)?.[key], config);
    if (found === expected) continue;
    throw new ConfigError('contradiction', {
      path,
      expected: `what the figure's run has, ${expected}`,
      found: String(found),
      cure,
    });
  }
}
