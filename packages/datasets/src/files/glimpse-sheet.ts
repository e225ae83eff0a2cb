import { checkInteger, checkKeys } from '@fastweights/core';
import { type Glimpse, type GlimpseRole, type Glimpses, glimpses } from '../images/glimpses.ts';
import type { ImageSet } from '../images/image-set.ts';
import { type Canvas, type Colour, createCanvas, type Point } from './canvas.ts';
import { PAPER } from './contact-sheet.ts';

export interface GlimpseSheetOptions {
  /** Which image. Default 0. */
  readonly example?: number;
  /** As in `glimpses`. Default 2. */
  readonly levels?: number;
  /** Pixels of the sheet for each pixel of the image. Default: such that it is about 580 wide. */
  readonly scale?: number;
}

/** Okabe and Ito's, which people of all kinds of colour vision tell apart. */
const COLOURS: Readonly<Record<GlimpseRole, Colour>> = {
  coarse: [86, 180, 233],
  fine: [230, 159, 0],
  again: [204, 121, 167],
};
const INK: Colour = [16, 16, 16];
const LIGHT: Colour = [240, 240, 240];

const ABOUT = 580;
const MARGIN = 20;
const LEGEND = 34;
const NUMBER = 24;
const BORDER = 3;
const DASH = 8;
const RADIUS = 12;
const LEVEL_INSET = 14;

/**
 * An image with the way that the glimpses take over it, and beside it the patches in their order, as the model sees them;
 * as the bytes of a PNG file. Blue is a region from afar, orange one of its fine quadrants, pink and dashed the region
 * again.
 */
export async function glimpseSheet(
  images: ImageSet,
  options: GlimpseSheetOptions = {},
): Promise<Uint8Array> {
  checkKeys('glimpseSheet', options, ['example', 'levels', 'scale']);
  const { example = 0, levels = 2 } = options;
  const { side } = images;
  const scale = options.scale ?? Math.max(1, Math.round(ABOUT / side));
  checkInteger('example', example, 0);
  checkInteger('scale', scale, 1);
  const looks = glimpses({ side, levels });
  const pixels = await images.read(Uint32Array.of(example));

  const picture = side * scale;
  const grid = patchGrid(looks, picture);
  const width = MARGIN + picture + MARGIN + grid.width;
  const canvas = createCanvas(width, MARGIN + picture + LEGEND + MARGIN, [PAPER, PAPER, PAPER]);
  canvas.picture([MARGIN, MARGIN], pixels, scale);
  drawWay(canvas, looks.places, scale);
  drawLegend(canvas, [MARGIN, MARGIN + picture + LEGEND / 2 + BORDER]);
  drawPatches(canvas, looks, looks.extract(pixels, 1), grid, MARGIN + picture + MARGIN);
  return canvas.png();
}

function drawWay(canvas: Canvas, places: readonly Glimpse[], scale: number): void {
  for (const { role, level, ...place } of places) {
    const inset = (level - 1) * LEVEL_INSET + (role === 'again' ? LEVEL_INSET / 2 : 1);
    const square = {
      x: MARGIN + place.x * scale + inset,
      y: MARGIN + place.y * scale + inset,
      size: place.size * scale - 2 * inset,
    };
    canvas.outline(square, BORDER, COLOURS[role], role === 'again' ? DASH : undefined);
  }
  const stops = places.map((place) => stopOf(place, scale));
  for (const [width, colour] of [
    [5, INK],
    [2, LIGHT],
  ] as const) {
    stops.slice(1).forEach((to, i) => {
      canvas.line(stops[i] as Point, to, width, colour);
    });
  }
  stops.forEach((stop, i) => {
    const { role } = places[i] as Glimpse;
    canvas.disc(stop, RADIUS + 2, INK);
    canvas.disc(stop, RADIUS, COLOURS[role]);
    canvas.text(stop, `${i + 1}`, 2, INK);
  });
}

/** The middle of a glimpse; the first and the second look at a region stand side by side. */
function stopOf({ x, y, size, role }: Glimpse, scale: number): Point {
  const aside = { coarse: -1, fine: 0, again: 1 }[role] * (RADIUS + 4);
  return [MARGIN + (x + size / 2) * scale + aside, MARGIN + (y + size / 2) * scale];
}

function drawLegend(canvas: Canvas, [left, y]: Point): void {
  (['coarse', 'fine', 'again'] as const).forEach((role, i) => {
    const x = left + 140 * i;
    const swatch = { x, y: y - RADIUS, size: 2 * RADIUS };
    canvas.outline(swatch, BORDER, COLOURS[role], role === 'again' ? DASH : undefined);
    canvas.text([x + 2 * RADIUS + 12 + 6 * role.length, y], role.toUpperCase(), 3, LIGHT);
  });
}

interface PatchGrid {
  readonly columns: number;
  readonly scale: number;
  readonly cell: { readonly width: number; readonly height: number };
  readonly width: number;
}

/** As many rows as leave the patches a good size: for two levels, one for each quadrant. */
function patchGrid({ levels, steps, patch }: Glimpses, height: number): PatchGrid {
  const rows = 2 ** levels;
  const columns = Math.ceil(steps / rows);
  const cellHeight = height / rows;
  const scale = Math.max(1, Math.floor((cellHeight - NUMBER - 4 * BORDER) / patch));
  const cellWidth = patch * scale + MARGIN;
  return {
    columns,
    scale,
    cell: { width: cellWidth, height: cellHeight },
    width: columns * cellWidth,
  };
}

function drawPatches(
  canvas: Canvas,
  { places, patch }: Glimpses,
  patches: Float32Array,
  { columns, scale, cell }: PatchGrid,
  left: number,
): void {
  const size = patch * scale;
  places.forEach(({ role }, step) => {
    const x = left + (step % columns) * cell.width;
    const y = Math.round(MARGIN + NUMBER + Math.floor(step / columns) * cell.height);
    const greys = patches
      .subarray(step * patch ** 2, (step + 1) * patch ** 2)
      .map((value) => Math.round(255 * value));
    canvas.picture([x, y], greys, scale);
    const frame = { x: x - BORDER - 1, y: y - BORDER - 1, size: size + 2 * (BORDER + 1) };
    canvas.outline(frame, BORDER, COLOURS[role], role === 'again' ? DASH : undefined);
    canvas.text([x + size / 2, y - NUMBER / 2 - 2], `${step + 1}`, 3, COLOURS[role]);
  });
}
