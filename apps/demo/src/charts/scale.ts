/** To a tenth of a pixel. */
export const px = (value: number): number => Math.round(value * 10) / 10;

/** An SVG path through points. */
export const through = (points: readonly (readonly [number, number])[]): string =>
  points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${px(x)} ${px(y)}`).join('');
