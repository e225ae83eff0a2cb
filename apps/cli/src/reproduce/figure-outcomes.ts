import {
  type AgentFigure,
  type AgentOutcome,
  type AgentRunResult,
  type FigureOptions,
  type PlannedAgentRun,
  planFigure,
} from '@fastweights/experiments';
import type { FigureEvent } from './figure-progress.ts';
import type { FigureFolder } from './figure-runs.ts';

/** What is known of the runs of a figure, whichever command has trained them. */
export interface FigureOutcomes {
  hear(event: FigureEvent): void;
  /** Of a plan, stage after stage, as far as its runs tell what follows. */
  planned(options: FigureOptions): Promise<AgentOutcome[]>;
  /** The same, and what is done besides of the other boards and models, with equal settings. */
  all(options: FigureOptions): Promise<AgentOutcome[]>;
}

export function figureOutcomes(figure: AgentFigure, runs: FigureFolder): FigureOutcomes {
  const done = new Map<string, AgentRunResult>();
  const failed = new Map<string, unknown>();

  /** Another process may have finished it meanwhile. */
  async function outcomeOf(run: PlannedAgentRun): Promise<AgentOutcome> {
    const { hash } = run;
    const found = done.get(hash) ?? (await runs.find(hash).catch(() => undefined));
    if (typeof found === 'object') {
      done.set(hash, found);
      return { status: 'done', run, result: found };
    }
    return failed.has(hash)
      ? { status: 'failed', run, error: failed.get(hash) }
      : { status: 'left', run };
  }

  async function planned(options: FigureOptions): Promise<AgentOutcome[]> {
    let outcomes: AgentOutcome[] = [];
    for (;;) {
      const plan = await planFigure(figure, options, outcomes);
      if (plan.length === outcomes.length) return outcomes;
      outcomes = await Promise.all(plan.map(outcomeOf));
    }
  }
  return {
    planned,
    hear(event) {
      if ('result' in event) done.set(event.run.hash, event.result);
      if ('error' in event) failed.set(event.run.hash, event.error);
    },
    async all(options) {
      const own = await planned(options);
      const { models: _, ...rest } = options;
      const whole = await planned({ ...rest, boards: figure.boards.map(({ name }) => name) });
      const known = new Set(own.map(({ run }) => run.hash));
      const others = whole.filter(({ status, run }) => status === 'done' && !known.has(run.hash));
      return [...own, ...others];
    },
  };
}
