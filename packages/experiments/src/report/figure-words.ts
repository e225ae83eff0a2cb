import type { AgentCell, RunSummary } from '../reproduce/figure-summary.ts';
import type { AgentFigure, Board } from '../tables/agent-figure.ts';
import type { DrawnSettings } from '../tables/search.ts';
import type { FigureReport, Spent } from './figure-report.ts';
import { thousands } from './format.ts';

// What the report of a figure says alike in HTML and in Markdown.

export const boardTitle = ({ size, visibleFrames, isOwn }: Board): string =>
  `N = ${size}, M = ${visibleFrames}${isOwn ? ' (not in the paper)' : ''}`;

/** `1,234,000`, to as many digits as mean something. */
export const frameCount = (frames: number | undefined): string =>
  frames === undefined ? 'not reached' : thousands(Number(frames.toPrecision(3)));

export const timesOf = (ratio: number | undefined): string =>
  ratio === undefined ? '–' : `× ${ratio.toFixed(2)}`;

/** `step size 0.0012, S 2` */
export const drawnWords = (drawn: DrawnSettings): string =>
  Object.entries(drawn)
    .map(([path, value]) => `${wordFor(path)} ${value}`)
    .join(', ');

/** The paper's symbol, or words; a setting that has neither by its own name. */
const wordFor = (path: string): string => WORDS[path] ?? (path.split('.').at(-1) as string);

const WORDS: Readonly<Record<string, string>> = {
  'model.innerSteps': 'S',
  'model.learningRate': 'η',
  'model.decayRate': 'λ',
  'training.stepSize': 'step size',
  'training.entropyBonus': 'entropy bonus',
};

/** What every model was given, or, where it was not the same, what each was. */
export function budgetWords({ spent, figure }: FigureReport, board: Board): string {
  const own = spent.filter((one) => one.board === board.name);
  const texts = own.map(spentWords);
  const [first] = texts;
  if (first === undefined) return '';
  const searched = `Trials draw ${Object.keys(figure.space).map(wordFor).join(' and ')} for every model${moreSearched(figure)}.`;
  if (new Set(texts).size === 1) return `Each model had ${first}. ${searched}`;
  const each = own.map((one, i) => `${labelOf(figure, one.model)} had ${texts[i]}`);
  return `The models did not have the same: ${each.join('; ')}. ${searched}`;
}

function spentWords({ trials, seeds, frames }: Spent): string {
  const lengths = frames.map(thousands).join(' or ');
  const second = seeds === 0 ? 'no seeds of the best one yet' : `${seeds} seeds of the best one`;
  return `${trials} trials of random search and ${second}, each run of ${lengths} frames`;
}

function moreSearched({ rows }: AgentFigure): string {
  const more = rows.flatMap(({ label, space }) =>
    space ? [`${Object.keys(space).map(wordFor).join(', ')} for ${label}`] : [],
  );
  return more.length === 0 ? '' : `, and ${more.join('; ')}`;
}

const labelOf = ({ rows }: AgentFigure, model: string): string =>
  rows.find((row) => row.model === model)?.label ?? model;

/** What is not there, in a few words; none where everything is. */
export function missingWords({ failed, left }: AgentCell): string[] {
  const bad = failed.map(({ stage, trial, seed, why }) =>
    stage === 'search' ? `trial ${trial} failed: ${why}` : `seed ${seed} failed: ${why}`,
  );
  return left > 0 ? [...bad, `${left} not yet`] : bad;
}

/** `0.93`, or a dash. */
export const reward = (value: number | undefined): string =>
  value === undefined || Number.isNaN(value) ? '–' : value.toFixed(2);

/** Every run of a group: frames until the level, with the reward at the end where it was not reached. */
export const eachRun = (runs: readonly RunSummary[]): string[] =>
  runs.map(({ framesUntil, atEnd }) =>
    framesUntil === undefined
      ? `not reached, ${reward(atEnd)} at the end`
      : frameCount(framesUntil),
  );
