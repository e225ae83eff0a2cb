import { checkInteger, checkKeys } from '@fastweights/core';
import { type CatchPixel, type CatchWorld, catchScreen } from './catch-world.ts';

export interface CatchTextOptions {
  /** Shows ball and paddle in blank frames too, as an onlooker wants them. Default false: what an agent sees. */
  readonly reveal?: boolean;
}

export interface CatchPixelsOptions extends CatchTextOptions {
  /** Pixels of the picture for one of the screen, across and down. Default 1. */
  readonly scale?: number;
}

/** A square grey picture, row by row. */
export interface CatchPicture {
  readonly side: number;
  readonly pixels: Uint8Array;
}

const TEXT = { empty: '·', fog: '░', ball: 'o', paddle: '=' } as const;
const GREY = { empty: 0, fog: 64, ball: 255, paddle: 255 } as const;

/** What is to be seen, row by row: blank frames lie in fog. */
function look(world: CatchWorld, reveal: boolean): (CatchPixel | 'fog')[][] {
  const screen = catchScreen(world);
  if (world.frame <= world.visibleFrames) return screen;
  return screen.map((row) =>
    row.map((pixel) => (reveal && pixel !== 'empty' ? pixel : ('fog' as const))),
  );
}

/** A world as text, one line for each row: `o` is the ball, `==` the paddle, `░` what a blank frame hides. */
export function catchText(world: CatchWorld, options: CatchTextOptions = {}): string {
  checkKeys('catchText', options, ['reveal']);
  const rows = look(world, options.reveal ?? false);
  return rows.map((row) => row.map((pixel) => TEXT[pixel]).join('')).join('\n');
}

/** A world as a grey picture: ball and paddle white on black, blank frames dark grey. */
export function catchPixels(world: CatchWorld, options: CatchPixelsOptions = {}): CatchPicture {
  checkKeys('catchPixels', options, ['scale', 'reveal']);
  const { scale = 1, reveal = false } = options;
  checkInteger('scale', scale, 1);
  const side = world.size * scale;
  const pixels = new Uint8Array(side * side);
  look(world, reveal).forEach((row, y) => {
    row.forEach((pixel, x) => {
      for (let line = y * scale; line < (y + 1) * scale; line++) {
        pixels.fill(GREY[pixel], line * side + x * scale, line * side + (x + 1) * scale);
      }
    });
  });
  return { side, pixels };
}
