/** Width and height of what is drawn, as of MNIST's digits. */
export const SIDE = 28;

/** Grey values from 0 to 15: what the address can hold. */
export type Drawing = Uint8Array;
export const INK = 15;

export type Place = readonly [x: number, y: number];

export const blank = (): Drawing => new Uint8Array(SIDE * SIDE);

const RADIUS = 0.75;
const SOFT = 1.1;
const ERASER = 2.2;

export interface Nib {
  readonly erases: boolean;
}

/** A line with soft edges, as thick as those of the digits that the network has learned from. */
export function drawLine(drawing: Drawing, from: Place, to: Place, { erases }: Nib): Drawing {
  const next = drawing.slice();
  const radius = erases ? ERASER : RADIUS;
  next.forEach((before, i) => {
    const away = distance([(i % SIDE) + 0.5, Math.floor(i / SIDE) + 0.5], from, to);
    const cover = Math.min(Math.max(1 - (away - radius) / SOFT, 0), 1);
    const ink = Math.round(cover * INK);
    next[i] = erases ? Math.min(before, INK - ink) : Math.max(before, ink);
  });
  return next;
}

function distance([x, y]: Place, [x0, y0]: Place, [x1, y1]: Place): number {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const length = dx * dx + dy * dy;
  const share = length > 0 ? ((x - x0) * dx + (y - y0) * dy) / length : 0;
  const at = Math.min(Math.max(share, 0), 1);
  return Math.hypot(x - x0 - at * dx, y - y0 - at * dy);
}

/** Strokes through points, drawn as smooth curves. */
export function drawStrokes(strokes: readonly (readonly Place[])[]): Drawing {
  let drawing = blank();
  for (const stroke of strokes) {
    const places = smooth(stroke);
    places.slice(1).forEach((place, i) => {
      drawing = drawLine(drawing, places[i] ?? place, place, { erases: false });
    });
  }
  return drawing;
}

const PIECES = 6;

/** A Catmull–Rom curve. */
function smooth(points: readonly Place[]): Place[] {
  const at = (i: number): Place => points[Math.min(Math.max(i, 0), points.length - 1)] ?? [0, 0];
  const places: Place[] = [at(0)];
  for (let i = 0; i + 1 < points.length; i++) {
    for (let piece = 1; piece <= PIECES; piece++) {
      const t = piece / PIECES;
      const along = (axis: 0 | 1): number => {
        const [a, b, c, d] = [at(i - 1)[axis], at(i)[axis], at(i + 1)[axis], at(i + 2)[axis]];
        const bend = 2 * a - 5 * b + 4 * c - d + (3 * b - a - 3 * c + d) * t;
        return 0.5 * (2 * b + (c - a + bend * t) * t);
      };
      places.push([along(0), along(1)]);
    }
  }
  return places;
}
