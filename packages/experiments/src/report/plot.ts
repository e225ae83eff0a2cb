import { escapeHtml, shortCount } from './format.ts';

// What all charts are made of: scales, axes, and lines with their names.

/** Room around the plot, in pixels; the names of the lines stand at the right. */
export const MARGIN = { left: 40, right: 96, top: 10, bottom: 34 } as const;
const LABEL_HEIGHT = 15;

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Scale {
  readonly most: number;
  readonly ticks: readonly number[];
  at(value: number): number;
}

export type Place = readonly [x: number, y: number];

/** A line and its name. */
export interface NamedLine {
  /** The kind of the model, as style knows it. */
  readonly model: string;
  readonly label: string;
  readonly points: readonly Place[];
}

export const px = (value: number): string => String(Number(value.toFixed(1)));

/** The room inside the margins. */
export const innerSize = ({ width, height }: Size): Size => ({
  width: width - MARGIN.left - MARGIN.right,
  height: height - MARGIN.top - MARGIN.bottom,
});

export function svg({ width, height }: Size, label: string, parts: readonly string[]): string {
  return [
    `<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(label)}">`,
    ...parts,
    '</svg>',
  ].join('\n');
}

/** From nought to the largest value, with about so many steps between ticks. */
export function linear(largest: number, steps: number, start: number, length: number): Scale {
  const rough = largest / steps;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const count = Math.floor(largest / step + 1e-9);
  const ticks = Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(12)));
  return {
    most: largest,
    ticks,
    at: (value) => start + (Math.min(value, largest) / largest) * length,
  };
}

/** @param name of what is counted from left to right */
export function axes(x: Scale, y: Scale, { width, height }: Size, name: string): string {
  const [right, bottom] = [width - MARGIN.right, height - MARGIN.bottom];
  const rows = y.ticks.map((tick) => {
    const at = px(y.at(tick));
    const line = `<path class="grid" d="M${MARGIN.left} ${at}H${right}"/>`;
    return `${line}<text class="tick" x="${MARGIN.left - 8}" y="${at}" dy="4" text-anchor="end">${tick}</text>`;
  });
  const columns = x.ticks.map((tick) => {
    const at = px(x.at(tick));
    return `<text class="tick" x="${at}" y="${bottom + 17}" text-anchor="middle">${shortCount(tick)}</text>`;
  });
  const axis = `<text class="tick" x="${width}" y="${bottom + 17}" text-anchor="end">${name}</text>`;
  return [...rows, ...columns, axis].join('\n');
}

export function path({ model, points }: Omit<NamedLine, 'label'>, kind: string): string {
  if (points.length === 0) return '';
  const way = points.map(([x, y]) => `${px(x)} ${px(y)}`).join('L');
  return `<path class="line ${kind} ${model}" d="M${way}"/>`;
}

/** A point that was read off a curve of the paper. */
export function reading(
  { model, label }: Omit<NamedLine, 'points'>,
  [x, y]: Place,
  side: 'above' | 'below' = 'above',
): string {
  const at = { x: px(x), y: px(y) };
  const dy = side === 'above' ? -5 : 12;
  const name = `<text class="tick" x="${at.x}" y="${at.y}" dx="7" dy="${dy}">${escapeHtml(label)}</text>`;
  return `<circle class="read ${model}" cx="${at.x}" cy="${at.y}" r="3.5"/>${name}`;
}

/** The lines' names, beside their ends, moved apart where they would overlap. */
export function labels(lines: readonly NamedLine[], size: Size): string[] {
  const right = size.width - MARGIN.right;
  const bottom = size.height - MARGIN.bottom;
  const ends = lines
    .flatMap((line) => {
      const end = line.points.at(-1);
      return end ? [{ line, end, y: end[1] }] : [];
    })
    .sort((a, b) => a.y - b.y);
  let least: number = MARGIN.top + 4;
  const down = ends.map((label) => {
    const y = Math.max(label.y, least);
    least = y + LABEL_HEIGHT;
    return { ...label, y };
  });
  let most = bottom - 4;
  const placed = down.toReversed().map((label) => {
    const y = Math.min(label.y, most);
    most = y - LABEL_HEIGHT;
    return { ...label, y };
  });
  return placed.map(({ line, end: [x, y], y: at }) => {
    const leader = `<path class="leader" d="M${px(x + 3)} ${px(y)}L${right + 4} ${px(at)}"/>`;
    const name = `<text class="name ${line.model}" x="${right + 8}" y="${px(at)}" dy="4">`;
    return `${leader}${name}${escapeHtml(line.label)}</text>`;
  });
}
