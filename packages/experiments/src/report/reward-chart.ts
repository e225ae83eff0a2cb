import type { AgentCell, CurveGroup } from '../reproduce/figure-summary.ts';
import { framesUntil } from '../reproduce/reward-curves.ts';
import type { AgentFigure, Board } from '../tables/agent-figure.ts';
import { shortCount } from './format.ts';
import {
  axes,
  innerSize,
  labels,
  linear,
  MARGIN,
  type NamedLine,
  type Place,
  path,
  px,
  reading,
  type Scale,
  type Size,
  svg,
} from './plot.ts';

/** Which runs are drawn: the best of the search, or the seeds of the best setting. */
export type GroupName = 'best' | 'seeds';

interface Band extends NamedLine {
  readonly group: CurveGroup;
  /** The edge of the band, there and back. */
  readonly edge: readonly Place[];
}

/** Mean reward over frames, one line for each model, in a band of one standard deviation over its runs to either side. */
export function rewardChart(
  figure: AgentFigure,
  board: Board,
  cells: readonly AgentCell[],
  which: GroupName,
  size: Size,
): string {
  const inner = innerSize(size);
  const ends = cells.map((cell) => cell[which].curve.at(-1)?.frames ?? 0);
  const x = linear(Math.max(1, ...ends), 3, MARGIN.left, inner.width);
  const y = rewardScale(inner.height);
  const bands = cells.map((cell) => bandOf(cell, which, x, y));
  const unit = axisUnit(figure, cells, which);
  const marks = cells.flatMap((cell) =>
    cell.paper.readOff
      .map((point) => ({ frames: point.x * (unit ?? Number.NaN), reward: point.meanReward }))
      .filter(({ frames }) => frames <= x.most)
      // A name for the first will do; below it there is no curve.
      .map(({ frames, reward }, i) => {
        const place = [x.at(frames), y.at(reward)] as const;
        return reading({ ...cell, label: i === 0 ? cell.label : '' }, place, 'below');
      }),
  );
  return svg(size, labelOf(figure, cells, which), [
    axes(x, y, size, 'frames'),
    level(y, figure.level, size, String(figure.level), 'start'),
    level(y, blindReward(board), size, 'blind', 'end'),
    ...bands.map(area),
    ...bands.map((band) => path(band, 'chosen')),
    ...marks,
    ...labels(bands, size),
  ]);
}

/** What is earned by who never looks: two columns of N are under the paddle. */
export const blindReward = ({ size }: Board): number => -1 + 4 / size;

/**
 * How many frames one unit of the paper's axis stands for, if the reference model learned as fast there as here: by the
 * highest of its points that ours comes up to.
 */
export function axisUnit(
  figure: AgentFigure,
  cells: readonly AgentCell[],
  which: GroupName,
): number | undefined {
  const reference = cells.find(({ model }) => model === figure.reference);
  const points = reference?.paper.readOff.toSorted((a, b) => b.meanReward - a.meanReward) ?? [];
  for (const { x, meanReward } of points) {
    const frames = framesUntil(reference?.[which].curve ?? [], meanReward);
    if (frames !== undefined) return frames / x;
  }
  return undefined;
}

function rewardScale(height: number): Scale {
  const at = (reward: number): number =>
    MARGIN.top + ((1 - Math.min(1, Math.max(-1, reward))) / 2) * height;
  return { most: 1, ticks: [-1, -0.5, 0, 0.5, 1], at };
}

function bandOf(cell: AgentCell, which: GroupName, x: Scale, y: Scale): Band {
  const { model, label } = cell;
  const { curve } = cell[which];
  const along = (side: number): Place[] =>
    curve.map(({ frames, meanReward, spread }) => [x.at(frames), y.at(meanReward + side * spread)]);
  const edge = [...along(1), ...along(-1).toReversed()];
  return { model, label, group: cell[which], points: along(0), edge };
}

/** None where there is one run. */
function area({ model, group, edge }: Band): string {
  if (group.runs.length < 2 || edge.length === 0) return '';
  return `<path class="band ${model}" d="M${edge.map(([x, y]) => `${px(x)} ${px(y)}`).join('L')}Z"/>`;
}

/** A line across, with its name where curves are not: high ones at the start, low ones at the end. */
function level(y: Scale, reward: number, { width }: Size, name: string, side: 'start' | 'end') {
  const [at, right] = [px(y.at(reward)), width - MARGIN.right];
  const line = `<path class="level" d="M${MARGIN.left} ${at}H${right}"/>`;
  const [x, dy] = side === 'start' ? [MARGIN.left + 4, 14] : [right, -4];
  return `${line}<text class="tick" x="${x}" y="${at}" dy="${dy}" text-anchor="${side}">${name}</text>`;
}

function labelOf(figure: AgentFigure, cells: readonly AgentCell[], which: GroupName): string {
  const texts = cells.map((cell) => {
    const { framesUntil: frames, curve } = cell[which];
    const last = curve.at(-1);
    if (!last) return `${cell.label} has no run yet`;
    if (frames === undefined) return `${cell.label} ends at ${last.meanReward.toFixed(2)}`;
    return `${cell.label} reaches ${figure.level} after ${shortCount(Math.round(frames))}`;
  });
  return `Mean reward over frames. ${texts.join('; ')}.`;
}
