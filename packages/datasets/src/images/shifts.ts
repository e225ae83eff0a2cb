import { checkInteger, integer, OptionError, random, splitSeed } from '@fastweights/core';

/** Images moved by what is drawn for these examples in this epoch; without an epoch, as they are. */
export type Shifter = (
  pixels: Uint8Array,
  examples: Uint32Array,
  epoch: number | undefined,
) => Uint8Array;

export interface ShifterOptions {
  /** How many images there are. */
  readonly size: number;
  readonly side: number;
  /** The most pixels an image moves, in each direction and on each axis. */
  readonly shift: number;
  readonly seed: number;
}

/**
 * Moves each image by up to `shift` pixels, anew in each epoch. What comes in repeats the edge.
 *
 * An example's move follows from the seed, the epoch and its number, not from its batch: a stream that goes on from a
 * position, in batches of another size, is the same.
 */
export function imageShifter({ size, side, shift, seed }: ShifterOptions): Shifter {
  checkInteger('shift', shift, 0);
  if (shift >= side) throw new OptionError('shift', `less than the side, ${side}`, `${shift}`);
  const area = side ** 2;
  let drawn: { readonly epoch: number; readonly moves: Int32Array } | undefined;

  function movesOf(epoch: number): Int32Array {
    if (drawn?.epoch !== epoch) {
      const stream = random(splitSeed(seed, `shifts of epoch ${epoch}`));
      const draw = (): number => integer(stream, 2 * shift + 1) - shift;
      drawn = { epoch, moves: Int32Array.from({ length: 2 * size }, draw) };
    }
    return drawn.moves;
  }

  return (pixels, examples, epoch) => {
    if (shift === 0 || epoch === undefined) return pixels;
    const moves = movesOf(epoch);
    const moved = new Uint8Array(pixels.length);
    examples.forEach((example, i) => {
      const [right = 0, down = 0] = moves.subarray(2 * example, 2 * example + 2);
      const range = [i * area, (i + 1) * area] as const;
      move(pixels.subarray(...range), moved.subarray(...range), side, right, down);
    });
    return moved;
  };
}

/** Writes the image into `moved`, so many pixels to the right and down. */
function move(
  image: Uint8Array,
  moved: Uint8Array,
  side: number,
  right: number,
  down: number,
): void {
  const inside = (at: number): number => Math.min(Math.max(at, 0), side - 1);
  for (let y = 0; y < side; y++) {
    const row = inside(y - down) * side;
    for (let x = 0; x < side; x++) moved[y * side + x] = image[row + inside(x - right)] as number;
  }
}
