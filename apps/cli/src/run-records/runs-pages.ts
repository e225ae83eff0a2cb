import path from 'node:path';
import { rewardText } from '../agent-training/agent-view.ts';
import { printable } from '../printable.ts';
import { columnsOf } from '../reproduce/plan-page.ts';
import { shortDuration } from '../reproduce/run-row.ts';
import { type ChartOptions, type ChartPoint, chart, rewards } from '../terminal/chart.ts';
import { count, perCent, percent } from '../terminal/format.ts';
import type { Line } from '../terminal/line.ts';
import { wrap } from '../terminal/wrap.ts';
import type { AgentSummary, RunSummary, SummarisedRun } from './run-summary.ts';

const NONE = '–';

/** Runs below the folders that they are in. */
export function listPage(runs: readonly RunSummary[]): Line[] {
  const folders = new Map<string, RunSummary[]>();
  for (const run of runs) {
    const folder = path.dirname(run.directory);
    folders.set(folder, [...(folders.get(folder) ?? []), run]);
  }
  return [...folders].flatMap(([folder, own], i): Line[] => [
    ...(i > 0 ? [['']] : []),
    [['strong', printable(fromHere(folder))]],
    ...listOf(LIST_HEAD, own.filter(({ agent }) => !agent).map(listRow)),
    ...listOf(AGENT_HEAD, own.flatMap(agentRow)),
  ]);
}

const listOf = (head: readonly string[], rows: readonly (readonly string[])[]): Line[] =>
  rows.length === 0 ? [] : columnsOf([head, ...rows], LIST_GAP);

/** So that a row has at most 79 columns. */
const LIST_GAP = 2;
const LIST_HEAD = ['run', 'model', 'size', 'seed', 'updates', 'val. %', 'test %', 'state'];

function listRow({ directory, settings, updates, best, testError, state }: RunSummary): string[] {
  const shown = (error: number | undefined): string =>
    error === undefined ? NONE : perCent(100 * error);
  return [
    path.basename(directory),
    settings['model.kind'] ?? NONE,
    settings['model.units'] ?? NONE,
    settings['seed'] ?? NONE,
    count(updates),
    shown(best?.validationError),
    shown(testError),
    state === 'finished' ? 'done' : state,
  ].map(printable);
}

const AGENT_HEAD = ['run', 'model', 'size', 'board', 'seed', 'frames', 'reward', 'state'];

/** The reward is that of the likeliest moves after the training, or of the last report during it. */
function agentRow({ directory, settings, agent, state }: RunSummary): string[][] {
  if (!agent) return [];
  const row = [
    path.basename(directory),
    settings['model.kind'] ?? NONE,
    settings['model.units'] ?? NONE,
    `${settings['data.size'] ?? NONE},${settings['data.visibleFrames'] ?? NONE}`,
    settings['seed'] ?? NONE,
    count(agent.frames),
    rewardOf(agent.greedyReward ?? agent.meanReward),
    state === 'finished' ? 'done' : state,
  ];
  return [row.map(printable)];
}

const rewardOf = (reward: number | undefined): string =>
  reward === undefined ? NONE : rewardText(reward);

const CHART_HEIGHT = 10;
const NARROW = 40;

/** All of one run. */
export function showPage(run: SummarisedRun, columns: number): Line[] {
  const { summary } = run;
  const { directory, settings } = summary;
  const { points, ...axes } = summary.agent ? rewardCurve(run) : errorCurve(run);
  const size = { width: Math.min(columns, 80), height: CHART_HEIGHT, marks: [] };
  const picture = points.length > 1 && columns >= NARROW ? chart(points, { ...size, ...axes }) : [];
  const facts = Object.entries(factsOf(summary));
  const sections: Line[][] = [
    [[['strong', printable(fromHere(directory))]]],
    pairs(facts, columns),
    picture,
    pairs(Object.entries(settings), columns),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .flatMap((lines, i) => (i > 0 ? [[''], ...lines] : lines));
}

type Curve = Pick<ChartOptions, 'xMax' | 'xLabel' | 'scale'> & {
  readonly points: readonly ChartPoint[];
};

const errorCurve = ({ summary, metrics }: SummarisedRun): Curve => ({
  points: metrics.flatMap(({ update, validationError }) =>
    validationError === undefined ? [] : [{ x: update, y: validationError }],
  ),
  xMax: Math.max(summary.updates, 1),
  xLabel: 'updates, validation error',
});

const rewardCurve = ({ summary, agentMetrics }: SummarisedRun): Curve => ({
  points: agentMetrics.map(({ frames, meanReward }) => ({ x: frames, y: meanReward })),
  xMax: Math.max(summary.agent?.frames ?? 0, 1),
  xLabel: 'frames, mean reward',
  scale: rewards,
});

/** What differs between runs, a column for each; beneath what came of them. */
export function comparePage(runs: readonly RunSummary[], columns: number): Line[] {
  const letters = runs.map((_, i) => letterOf(i));
  const legend = runs.map(
    ({ directory }, i): Line => [
      ['strong', `${letters[i]}`],
      `  ${printable(fromHere(directory))}`,
    ],
  );
  const differing = differences(runs);
  const results = runs.map(factsOf);
  const names = [...new Set(results.flatMap(Object.keys))];
  const rows = [
    ...differing.map(({ path, values }) => [path, ...values]),
    ...names.map((name) => [name, ...results.map((result) => result[name] ?? NONE)]),
  ];
  const table = columnsOf([['', ...letters], ...rows.map((row) => row.map(printable))]);
  const same = differing.length === 0 ? wrap('Their configs are the same.', columns) : [];
  return [...legend, [''], ...same.map((text): Line => [text]), ...table];
}

export interface Difference {
  readonly path: string;
  /** One for each run. */
  readonly values: readonly string[];
}

/** Settings that are not the same in all runs. */
export function differences(runs: readonly RunSummary[]): Difference[] {
  const paths = [...new Set(runs.flatMap(({ settings }) => Object.keys(settings)))];
  return paths
    .map((path) => ({ path, values: runs.map(({ settings }) => settings[path] ?? NONE) }))
    .filter(({ values }) => new Set(values).size > 1);
}

function factsOf(run: RunSummary): Record<string, string> {
  if (run.agent) return agentFacts(run, run.agent);
  const { state, stopped, updates, maxUpdates, loss, best, testError, seconds } = run;
  const of = maxUpdates === undefined ? '' : ` of ${count(maxUpdates)}`;
  const at = best ? `${percent(best.validationError)} at ${count(best.update)}` : NONE;
  return {
    state: stopped === undefined ? state : `${state} (${stopped})`,
    updates: `${count(updates)}${of}`,
    loss: loss === undefined ? NONE : loss.toFixed(4),
    'best validation': at,
    'test error': errorOf(testError),
    time: seconds === undefined ? NONE : shortDuration(seconds),
  };
}

function agentFacts(
  { state, stopped, updates, loss, seconds }: RunSummary,
  { frames, maxFrames, episodes, meanReward, greedyReward, sampledReward }: AgentSummary,
): Record<string, string> {
  const of = maxFrames === undefined ? '' : ` of ${count(maxFrames)}`;
  return {
    state: stopped === undefined ? state : `${state} (${stopped})`,
    frames: `${count(frames)}${of}`,
    episodes: count(episodes),
    updates: count(updates),
    loss: loss === undefined ? NONE : loss.toFixed(4),
    'mean reward': rewardOf(meanReward),
    'likeliest moves': rewardOf(greedyReward),
    'drawn moves': rewardOf(sampledReward),
    time: seconds === undefined ? NONE : shortDuration(seconds),
  };
}

function pairs(entries: readonly (readonly [string, string])[], columns: number): Line[] {
  const width = Math.max(0, ...entries.map(([name]) => name.length)) + 2;
  return entries.flatMap(([name, value]) =>
    wrap(printable(value), Math.max(columns - width - 2, 20)).map(
      (text, i): Line => [['faint', `  ${(i === 0 ? printable(name) : '').padEnd(width)}`], text],
    ),
  );
}

const errorOf = (error: number | undefined): string =>
  error === undefined ? NONE : percent(error);

const letterOf = (index: number): string =>
  index < 26 ? String.fromCharCode(65 + index) : String(index + 1);

/** The shorter way to write it, for what lies below the current folder. */
function fromHere(folder: string): string {
  const way = path.relative(process.cwd(), folder);
  return way === '' || way.startsWith('..') || path.isAbsolute(way) ? folder : way;
}
