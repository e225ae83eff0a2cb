import { checkInteger, checkKeys, OptionError, ShapeError } from '@fastweights/core';

// Where the paper's model looks, and in which order (Ba et al. 2016, section 4.2 and Figure 3).

/** What a glimpse is for: a region from afar, its finest quadrants, and the region again, to integrate them. */
export type GlimpseRole = 'coarse' | 'fine' | 'again';

export interface Glimpse {
  /** The left and upper edge of what is seen, in pixels, and its width and height. */
  readonly x: number;
  readonly y: number;
  readonly size: number;
  /** 1 for the quadrants of the image, 2 for their quadrants. */
  readonly level: number;
  readonly role: GlimpseRole;
  /** The way to it, one quadrant a level: 0 upper left, 1 upper right, 2 lower left, 3 lower right. */
  readonly region: readonly number[];
}

export interface GlimpsesOptions {
  /** Width and height of the images in pixels; 2^levels divides it. */
  readonly side: number;
  /** At least 2. Default 2, the paper's. */
  readonly levels?: number;
}

export interface Glimpses {
  readonly side: number;
  readonly levels: number;
  /** The number of glimpses; 24 for two levels. */
  readonly steps: number;
  /** Width and height of every glimpse as it is given out: 7 for 28 pixels, 12 for 48. */
  readonly patch: number;
  readonly places: readonly Glimpse[];
  readonly roles: readonly GlimpseRole[];
  /**
   * The patches of `count` images, `[count, steps, patch²]`, row by row. Bytes become numbers from 0 to 1; floats keep
   * their scale.
   */
  extract(pixels: Uint8Array | Float32Array, count: number, out?: Float32Array): Float32Array;
}

/**
 * The fixed glimpses of an image: for each of its quadrants the whole, down-sampled to a patch by the mean of each
 * block; its four quadrants; the whole again.
 *
 * Our choices: quadrants go row by row, and a third level stands in the place of a second-level quadrant, with a
 * coarse glimpse before and one after its own four. So 2, 3 levels make 24, 104 glimpses.
 */
export function glimpses(options: GlimpsesOptions): Glimpses {
  checkKeys('glimpses', options, ['side', 'levels']);
  const { side, levels = 2 } = options;
  checkInteger('levels', levels, 2);
  checkInteger('side', side, 1);
  if (side % 2 ** levels !== 0) {
    throw new OptionError('side', `divisible by ${2 ** levels} for ${levels} levels`, `${side}`);
  }
  const patch = side / 2 ** levels;
  const places = quadrants({ x: 0, y: 0, size: side, region: [] }, patch);
  const firstLooks = whereFirst(places);
  const steps = places.length;
  const area = patch ** 2;

  return {
    side,
    levels,
    steps,
    patch,
    places,
    roles: places.map(({ role }) => role),
    extract(pixels, count, out = new Float32Array(count * steps * area)) {
      checkInteger('count', count, 0);
      checkLength('pixels', pixels, count * side ** 2);
      checkLength('out', out, count * steps * area);
      const unit = pixels instanceof Uint8Array ? 255 : 1;
      for (let i = 0; i < count; i++) {
        const image = { pixels, side, start: i * side ** 2, unit };
        const patches = out.subarray(i * steps * area, (i + 1) * steps * area);
        places.forEach((place, step) => {
          const first = firstLooks[step] as number;
          if (first < step) patches.copyWithin(step * area, first * area, (first + 1) * area);
          else shrink(image, place, patch, patches, step * area);
        });
      }
      return out;
    },
  };
}

type Square = Pick<Glimpse, 'x' | 'y' | 'size' | 'region'>;

function quadrants({ x, y, size, region }: Square, patch: number): Glimpse[] {
  const half = size / 2;
  const corners = [
    [x, y],
    [x + half, y],
    [x, y + half],
    [x + half, y + half],
  ] as const;
  return corners.flatMap(([x, y], quadrant) => {
    const square = { x, y, size: half, region: [...region, quadrant] };
    return visit({ ...square, level: square.region.length }, patch);
  });
}

function visit(place: Omit<Glimpse, 'role'>, patch: number): Glimpse[] {
  if (place.size === patch) return [{ ...place, role: 'fine' }];
  return [{ ...place, role: 'coarse' }, ...quadrants(place, patch), { ...place, role: 'again' }];
}

/** For each step the one that shows the same: its region's first look for a second look, otherwise itself. */
function whereFirst(places: readonly Glimpse[]): number[] {
  const open: number[] = [];
  return places.map(({ role }, step) => {
    if (role === 'coarse') open.push(step);
    return role === 'again' ? (open.pop() as number) : step;
  });
}

interface Image {
  readonly pixels: Uint8Array | Float32Array;
  readonly side: number;
  /** The index of its first pixel. */
  readonly start: number;
  /** What is 1 in a patch. */
  readonly unit: number;
}

/** Writes a patch of which each pixel is the mean of a block. */
function shrink(image: Image, place: Glimpse, patch: number, out: Float32Array, at: number): void {
  const { pixels, side, start, unit } = image;
  const block = place.size / patch;
  const divisor = unit * block ** 2;
  for (let row = 0; row < patch; row++) {
    const left = start + (place.y + row * block) * side + place.x;
    for (let column = 0; column < patch; column++) {
      const corner = left + column * block;
      const sum = block === 1 ? (pixels[corner] as number) : blockSum(image, corner, block);
      out[at + row * patch + column] = sum / divisor;
    }
  }
}

function blockSum({ pixels, side }: Image, corner: number, block: number): number {
  let sum = 0;
  for (let line = corner; line < corner + block * side; line += side) {
    for (let pixel = line; pixel < line + block; pixel++) sum += pixels[pixel] as number;
  }
  return sum;
}

function checkLength(name: string, values: Uint8Array | Float32Array, length: number): void {
  if (values.length !== length) {
    throw new ShapeError(name, `${length} numbers`, `${values.length}`);
  }
}
