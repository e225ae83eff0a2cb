import type { JSX } from 'preact';
import { Chart } from '../../charts/chart.tsx';
import { lowered } from '../../charts/format.ts';
import { planeOf } from '../../charts/plane.ts';
import { px, through } from '../../charts/scale.ts';

export interface PathPlotProps {
  /** h₀ … h_S as it is. */
  readonly path: readonly (readonly number[])[];
  /** h₀ … h₅ with layer norm: what the view is fitted to, with the two memories that it ends up with. */
  readonly settled: readonly (readonly number[])[];
  readonly memories: readonly (readonly number[])[];
  /** Of the memories, by the last state of the path. */
  readonly shares: readonly number[];
  readonly fitted: readonly number[];
  readonly characters: readonly string[];
  readonly label: string;
  height(width: number): number;
}

type Point = readonly [x: number, y: number];

/** The path of h_s among the states that were written, in the plane in which they differ most. */
export const PathPlot = (props: PathPlotProps): JSX.Element => (
  <Chart label={props.label} height={props.height}>
    {(width, height) => {
      const { path, settled, memories, fitted, shares, characters } = props;
      const anchors = [...memories.filter((_, i) => fitted.includes(i)), ...settled];
      const plane = planeOf(anchors);
      const view = fit(anchors.map(plane), width, height);
      const at = (state: readonly number[]): Point => view(plane(state));
      const points = path.map(at);
      const { inside, leaves } = cut(points, width, height);
      return (
        <>
          <clipPath id="path-frame">
            <rect width={width} height={height} rx={6} />
          </clipPath>
          <rect
            x={0.5}
            y={0.5}
            width={width - 1}
            height={height - 1}
            rx={6}
            fill="none"
            stroke="var(--line)"
          />
          <g clip-path="url(#path-frame)">
            <Memories places={memories.map(at)} {...{ shares, characters, width, height }} />
            <path d={through(inside)} fill="none" stroke="var(--accent)" stroke-width={2} />
            {(leaves ? inside.slice(0, -1) : inside).map(([x, y], s) => {
              const isLast = s === path.length - 1;
              return (
                <circle
                  key={s}
                  cx={px(x)}
                  cy={px(y)}
                  r={isLast ? 6 : 4}
                  fill={isLast ? 'var(--accent)' : 'var(--surface)'}
                  stroke="var(--accent)"
                  stroke-width={2}
                />
              );
            })}
          </g>
          {leaves && <Leaving from={inside.at(-2)} to={inside.at(-1)} />}
          <Name at={points[0]} away={points[1]} index={0} />
          {path.length > 1 && !leaves && (
            <Name at={points.at(-1)} away={points.at(-2)} index={path.length - 1} />
          )}
        </>
      );
    }}
  </Chart>
);

const MARGIN = [75, 65] as const;

/** Scale and place that show all points with room around them; the same scale both ways. */
function fit(points: readonly Point[], width: number, height: number): (point: Point) => Point {
  const range = (axis: 0 | 1): [number, number] => {
    const values = points.map((point) => point[axis]);
    return [Math.min(...values), Math.max(...values)];
  };
  const [[left, right], [low, high]] = [range(0), range(1)];
  const scale = Math.min(
    (width - 2 * MARGIN[0]) / Math.max(right - left, 1e-6),
    (height - 2 * MARGIN[1]) / Math.max(high - low, 1e-6),
  );
  return ([x, y]) => [
    width / 2 + (x - (left + right) / 2) * scale,
    height / 2 - (y - (low + high) / 2) * scale,
  ];
}

/** The path up to the frame, and whether it leaves it. */
function cut(
  points: readonly Point[],
  width: number,
  height: number,
): { inside: Point[]; leaves: boolean } {
  const isOut = ([x, y]: Point): boolean => !(x >= 0 && x <= width && y >= 0 && y <= height);
  const out = points.findIndex(isOut);
  const [before, after] = [points[out - 1], points[out]];
  if (out < 1 || !before || !after) return { inside: [...points], leaves: false };
  const reach = (from: number, to: number, end: number): number =>
    to < 0 ? from / (from - to) : to > end ? (end - from) / (to - from) : 1;
  const share = Math.min(
    Number.isFinite(after[0]) ? reach(before[0], after[0], width) : 0,
    Number.isFinite(after[1]) ? reach(before[1], after[1], height) : 0,
  );
  const edge: Point = [
    before[0] + (after[0] - before[0]) * share,
    before[1] + (after[1] - before[1]) * share,
  ];
  return { inside: [...points.slice(0, out), edge], leaves: true };
}

interface Placed extends Pick<PathPlotProps, 'shares' | 'characters'> {
  readonly places: readonly Point[];
  readonly width: number;
  readonly height: number;
}

const EDGE = [16, 18] as const;

/** Circles whose area is what they are attended to; states outside wait at the edge, in grey. */
function Memories({ places, shares, characters, width, height }: Placed): JSX.Element {
  const taken: Point[] = [];
  const marks = places.map((place, i) => {
    const isFar = place[0] < 0 || place[0] > width || place[1] < 0 || place[1] > height;
    const radius = 8 + 40 * Math.sqrt(shares[i] ?? 0);
    const above: Point = [place[0], Math.max(place[1] - radius - 5, 16)];
    const name = isFar ? freeEdge(place, taken, width, height) : freeBeside(above, taken);
    taken.push(name);
    return { place, isFar, radius, name, character: characters[i] };
  });
  return (
    <>
      {marks.map(
        ({ place: [x, y], isFar, radius }, i) =>
          !isFar && <circle key={i} cx={px(x)} cy={px(y)} r={px(radius)} fill="var(--wash)" />,
      )}
      {marks.map(({ name: [x, y], isFar, character }, i) => (
        <text
          key={i}
          class={isFar ? 'far' : 'memory'}
          x={px(x)}
          y={px(isFar ? y + 5 : y)}
          text-anchor="middle"
        >
          {character}
        </text>
      ))}
    </>
  );
}

const APART = [14, 18] as const;

/** To the right of the letters that are there already. */
function freeBeside([x, y]: Point, taken: readonly Point[]): Point {
  let at = x;
  const isTaken = (): boolean =>
    taken.some(([a, b]) => Math.abs(a - at) < APART[0] && Math.abs(b - y) < APART[1]);
  for (let tries = 0; tries < 12 && isTaken(); tries++) at += 4;
  return [at, y];
}

/** The nearest place at the edge that no other letter has. */
function freeEdge(place: Point, taken: readonly Point[], width: number, height: number): Point {
  let x = Math.min(Math.max(place[0], EDGE[0]), width - EDGE[0]);
  let y = Math.min(Math.max(place[1], EDGE[1]), height - EDGE[1]);
  const isTaken = (): boolean =>
    taken.some(([a, b]) => Math.abs(a - x) < 16 && Math.abs(b - y) < 18);
  const alongX = y <= EDGE[1] || y >= height - EDGE[1];
  const step = (alongX ? x > width / 2 : y > height / 2) ? -18 : 18;
  for (let tries = 0; tries < 12 && isTaken(); tries++) {
    if (alongX) x += step;
    else y += step;
  }
  return [x, y];
}

interface NameProps {
  readonly at: Point | undefined;
  readonly away: Point | undefined;
  readonly index: number;
}

/** The name of a state, on the side where the path is not. */
function Name({ at, away, index }: NameProps): JSX.Element | null {
  if (!at) return null;
  const [dx, dy] = away ? [at[0] - away[0], at[1] - away[1]] : [1, 0];
  const length = Math.hypot(dx, dy) || 1;
  return (
    <text
      class="state"
      x={px(at[0] + (dx / length) * 20)}
      y={px(at[1] + (dy / length) * 18 + 4)}
      text-anchor="middle"
    >
      h{lowered(index)}
    </text>
  );
}

/** An arrow where the path leaves the frame: the view is not rescaled after it. */
function Leaving({
  from,
  to,
}: {
  from: Point | undefined;
  to: Point | undefined;
}): JSX.Element | null {
  if (!from || !to) return null;
  const turn = (Math.atan2(to[1] - from[1], to[0] - from[0]) * 180) / Math.PI;
  return (
    <path
      d="M0 0l-12 -6v12z"
      fill="var(--pos)"
      transform={`translate(${px(to[0])} ${px(to[1])}) rotate(${px(turn)})`}
    />
  );
}
