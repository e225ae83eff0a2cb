import { encode } from 'fast-png';
import { eachGlyphPixel, glyphHeight, glyphsWidth } from './glyphs.ts';

export type Colour = readonly [red: number, green: number, blue: number];
export type Point = readonly [x: number, y: number];

interface Square {
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

export interface Canvas {
  fill(x: number, y: number, width: number, height: number, colour: Colour): void;
  /** The inner border of a square; dashes are as long as the gaps between them. */
  outline(square: Square, width: number, colour: Colour, dash?: number): void;
  line(from: Point, to: Point, width: number, colour: Colour): void;
  disc(centre: Point, radius: number, colour: Colour): void;
  /** Grey values 0 … 255 of a square picture. */
  picture(corner: Point, greys: ArrayLike<number>, scale: number): void;
  /** Digits and some capital letters around a centre. */
  text(centre: Point, text: string, scale: number, colour: Colour): void;
  /** The bytes of a PNG file. */
  png(): Uint8Array;
}

/** A picture in colours to draw on, without soft edges. What lies outside of it is not drawn. */
export function createCanvas(width: number, height: number, paper: Colour): Canvas {
  const data = new Uint8Array(3 * width * height);

  function fill(x: number, y: number, wide: number, high: number, colour: Colour): void {
    const [left, right] = [Math.max(0, Math.round(x)), Math.min(width, Math.round(x + wide))];
    const [top, bottom] = [Math.max(0, Math.round(y)), Math.min(height, Math.round(y + high))];
    for (let row = top; row < bottom; row++) {
      for (let column = left; column < right; column++) {
        data.set(colour, 3 * (row * width + column));
      }
    }
  }

  function disc([x, y]: Point, radius: number, colour: Colour): void {
    for (let row = Math.ceil(-radius); row <= radius; row++) {
      const half = Math.sqrt(radius ** 2 - row ** 2);
      fill(x - half, y + row, 2 * half, 1, colour);
    }
  }

  fill(0, 0, width, height, paper);
  return {
    fill,
    disc,
    outline({ x, y, size }, wide, colour, dash = size) {
      for (let at = 0; at < size; at += 2 * dash) {
        const long = Math.min(dash, size - at);
        fill(x + at, y, long, wide, colour);
        fill(x + at, y + size - wide, long, wide, colour);
        fill(x, y + at, wide, long, colour);
        fill(x + size - wide, y + at, wide, long, colour);
      }
    },
    line([fromX, fromY], [toX, toY], wide, colour) {
      const steps = Math.max(1, Math.round(Math.hypot(toX - fromX, toY - fromY)));
      for (let step = 0; step <= steps; step++) {
        const [x, y] = [
          fromX + ((toX - fromX) * step) / steps,
          fromY + ((toY - fromY) * step) / steps,
        ];
        disc([x, y], wide / 2, colour);
      }
    },
    picture([x, y], greys, scale) {
      const side = Math.sqrt(greys.length);
      for (let i = 0; i < greys.length; i++) {
        const grey = greys[i] as number;
        const [column, row] = [i % side, Math.floor(i / side)];
        fill(x + column * scale, y + row * scale, scale, scale, [grey, grey, grey]);
      }
    },
    text([x, y], text, scale, colour) {
      const [left, top] = [
        Math.round(x - (glyphsWidth(text) * scale) / 2),
        Math.round(y - (glyphHeight * scale) / 2),
      ];
      eachGlyphPixel(text, (column, row) => {
        fill(left + column * scale, top + row * scale, scale, scale, colour);
      });
    },
    png: () => encode({ width, height, data, depth: 8, channels: 3 }),
  };
}
