import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import { useWidth } from '../../charts/use-width.ts';
import { isDark } from '../../state/theme.ts';
import { drawLabels, drawPlateau } from './curve-marks.ts';
import { kinds, MOST_UPDATES, styles, VALIDATE_EVERY } from './kinds.ts';
import type { Standing } from './standing.ts';
import { colourOf } from './tokens.ts';

export interface CurvesProps {
  readonly lines: readonly Standing[];
  readonly label: string;
}

const heightFor = (width: number): number => (width < 480 ? 300 : 430);
/** For the names at the ends of the lines. */
const RIGHT = 96;

/** Error against updates, on axes that stay. uPlot is loaded when it is first needed. */
export function Curves({ lines, label }: CurvesProps): JSX.Element {
  const [box, width] = useWidth<HTMLDivElement>();
  const plot = useRef<uPlot | undefined>(undefined);
  const shown = useRef<readonly Standing[]>(lines);
  const drawn = useRef(0);
  const dark = isDark.value;
  shown.current = lines;

  useEffect(() => {
    const { current } = box;
    if (!current || width === 0) return;
    let isGone = false;
    Promise.all([import('uplot'), import('uplot/dist/uPlot.min.css')]).then(
      ([{ default: Plot }]) => {
        if (isGone) return;
        plot.current = new Plot(optionsOf(width, shown), dataOf(shown.current), current);
      },
    );
    return () => {
      isGone = true;
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [width, dark]);

  useEffect(() => {
    cancelAnimationFrame(drawn.current);
    drawn.current = requestAnimationFrame(() => plot.current?.setData(dataOf(lines)));
  }, [lines]);

  return (
    <div
      class="curves"
      ref={box}
      role="img"
      aria-label={label}
      style={{ height: `${heightFor(width)}px` }}
    />
  );
}

/** Every network has been tested after a multiple of the same number of updates. */
function dataOf(lines: readonly Standing[]): uPlot.AlignedData {
  const places = MOST_UPDATES / VALIDATE_EVERY + 1;
  const updates = Array.from({ length: places }, (_, i) => i * VALIDATE_EVERY);
  const errors = kinds.map((kind) => {
    const row = new Array<number | null>(places).fill(null);
    for (const [update, error] of lines.find((line) => line.kind === kind)?.curve ?? []) {
      row[update / VALIDATE_EVERY] = 100 * error;
    }
    return row;
  });
  return [updates, ...errors];
}

function optionsOf(width: number, lines: { readonly current: readonly Standing[] }): uPlot.Options {
  const font = `12px ${getComputedStyle(document.body).fontFamily}`;
  const axis = { stroke: colourOf('--ink-3'), font, ticks: { show: false } };
  const grid = { stroke: colourOf('--line'), width: 1 };
  const sparse = width < 480;
  return {
    width,
    height: heightFor(width),
    legend: { show: false },
    cursor: { show: false },
    padding: [8, RIGHT, 0, 0],
    scales: {
      x: { time: false, range: [0, MOST_UPDATES] },
      y: { range: [0, 100] },
    },
    axes: [
      {
        ...axis,
        size: 32,
        gap: 8,
        grid: { show: false },
        splits: () => (sparse ? [0, 2000, 4000] : [0, 1000, 2000, 3000, 4000]),
        values: (_, splits) => splits.map((value) => value.toLocaleString('en')),
      },
      { ...axis, size: 36, gap: 8, grid, splits: () => [0, 25, 50, 75, 100] },
    ],
    series: [
      {},
      ...kinds.map((kind) => {
        const { colour, width: thick, dash } = styles[kind];
        const style = { stroke: colourOf(colour), width: thick, dash: [...dash] };
        return { ...style, points: { show: false }, spanGaps: false };
      }),
    ],
    hooks: {
      drawAxes: [(plot) => drawPlateau(plot, font)],
      draw: [(plot) => drawLabels(plot, lines.current, font)],
    },
  };
}
