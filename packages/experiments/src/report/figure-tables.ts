import type { AgentCell } from '../reproduce/figure-summary.ts';
import type { AgentFigure } from '../tables/agent-figure.ts';
import { drawnWords, eachRun, frameCount, missingWords, reward, timesOf } from './figure-words.ts';

/** A table as texts, for HTML and for Markdown. */
export interface TextTable {
  readonly caption: string;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** How long each model took, and how its time compares with the reference's: what the figure is about. */
export function timingTable(figure: AgentFigure, cells: readonly AgentCell[]): TextTable {
  const { level, reference, rows, best } = figure;
  const other = rows.find(({ model }) => model === reference)?.label ?? reference;
  return {
    caption: `Frames until the mean reward is ${level}, and their ratio to the ${other}’s: of the mean of the chosen setting’s seeds, of the mean of the search’s ${best} best, and in units of the paper’s axis.`,
    heads: ['Model', 'Seeds', `to ${other}`, `${best} best`, `to ${other}`, 'Paper', `to ${other}`],
    rows: cells.map(({ label, seeds, best, paper }) => [
      label,
      ...[seeds, best].flatMap(({ runs, framesUntil, ratio }) =>
        runs.length === 0 ? ['not yet', '–'] : [frameCount(framesUntil), timesOf(ratio)],
      ),
      paper.until === undefined ? '–' : paper.until.toFixed(1),
      timesOf(paper.ratio),
    ]),
  };
}

/** Every seed of the chosen setting. */
export function seedsTable(figure: AgentFigure, cells: readonly AgentCell[]): TextTable {
  return {
    caption: `Frames of every seed until its mean reward is ${figure.level}, in the order of the seeds; and the mean reward over the last tenth of their frames.`,
    heads: ['Model', 'Every seed', 'At the end', 'Chosen setting'],
    rows: cells.map((cell) => {
      const { label, seeds, chosen } = cell;
      const ends = seeds.runs.map(({ atEnd }) => atEnd);
      const mean = ends.reduce((sum, end) => sum + end, 0) / ends.length;
      const each = [...eachRun(seeds.runs), ...missingWords(cell)].join(' · ');
      const setting = chosen ? `trial ${chosen.trial}: ${drawnWords(chosen.drawn)}` : '–';
      return [label, each || '–', reward(mean), setting];
    }),
  };
}

/** The best trials of the search, the best first. */
export function trialsTable(figure: AgentFigure, cells: readonly AgentCell[]): TextTable {
  return {
    caption: `The ${figure.best} best trials of each model, ranked by their mean reward over all frames.`,
    heads: ['Model', 'Trial', 'All frames', 'At the end', `Until ${figure.level}`, 'Setting'],
    rows: cells.flatMap(({ label, best }) =>
      best.runs.map(({ trial, overall, atEnd, framesUntil, drawn }, i) => [
        i === 0 ? label : '',
        String(trial),
        reward(overall),
        reward(atEnd),
        frameCount(framesUntil),
        drawnWords(drawn),
      ]),
    ),
  };
}

/** The paper's curves, read off. */
export function readingsTable(cells: readonly AgentCell[]): TextTable | undefined {
  const rows = cells
    .filter(({ paper }) => paper.readOff.length > 0)
    .map(({ label, paper }) => [
      label,
      paper.readOff.map(({ x, meanReward }) => `${meanReward.toFixed(2)} at ${x}`).join(' · '),
    ]);
  if (rows.length === 0) return undefined;
  const caption = 'Points of the paper’s curves, in units of its axis.';
  return { caption, heads: ['Model', 'Mean reward'], rows };
}
