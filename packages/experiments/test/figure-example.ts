import { random, uniform } from '@fastweights/core';
import {
  type AgentOutcome,
  type AgentRunResult,
  type FigureOptions,
  figure5,
  type PlannedAgentRun,
  planFigure,
  reproduceInStages,
} from '../src/index.ts';

/** How soon a model learns, in a made-up world where only the step size counts. */
const pace: Readonly<Record<string, number>> = { rnn: 0.6, lstm: 0.3, 'fast-weights': 0.18 };

/** A run that learns along a straight line from −0.75 to 0.97; the best step size is 0.001. */
export function madeUpResult({ model, seed, config }: PlannedAgentRun): AgentRunResult {
  const { maxFrames, stepSize } = config.training;
  const draw = random(seed);
  const away = Math.abs(Math.log10(stepSize / 0.001));
  const length = (pace[model] ?? 1) * (1 + away) * uniform(draw, 0.95, 1.05);
  const curve = Array.from({ length: 50 }, (_, i) => {
    const share = (i + 1) / 50;
    return {
      frames: Math.round(maxFrames * share),
      meanReward: -0.75 + 1.72 * Math.min(1, share / length),
    };
  });
  return { frames: maxFrames, updates: 100, episodes: 1000, curve, seconds: 2 };
}

/** What became of all runs of the figure: the second trial of the RNN on the first board has failed. */
export function madeUpOutcomes(options: FigureOptions): Promise<AgentOutcome[]> {
  return reproduceInStages<PlannedAgentRun, AgentRunResult>(
    (outcomes) => planFigure(figure5, options, outcomes),
    async (run) => {
      if (run.model === 'rnn' && run.trial === 2 && run.board === '16,3') {
        throw new Error('the loss was NaN at <update 7> & ended');
      }
      return madeUpResult(run);
    },
    { store: { find: async () => undefined } },
  );
}
