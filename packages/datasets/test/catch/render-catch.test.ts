import { OptionError } from '@fastweights/core';
import { describe, expect, it } from 'vitest';
import { type CatchWorld, catchPixels, catchText } from '../../src/index.ts';

const seen: CatchWorld = { size: 4, visibleFrames: 2, frame: 2, ball: 3, paddle: 1 };
const blank: CatchWorld = { ...seen, frame: 3, paddle: 2 };
const caught: CatchWorld = { ...seen, visibleFrames: 4, frame: 4, paddle: 2 };

describe('catchText', () => {
  it('shows ball and paddle', () => {
    expect(catchText(seen)).toBe('····\n···o\n····\n·==·');
    expect(catchText(caught)).toBe('····\n····\n····\n··=o');
  });

  it('hides blank frames in fog, unless it is asked to reveal them', () => {
    expect(catchText(blank)).toBe('░░░░\n░░░░\n░░░░\n░░░░');
    expect(catchText(blank, { reveal: true })).toBe('░░░░\n░░░░\n░░░o\n░░==');
    expect(catchText(seen, { reveal: true })).toBe(catchText(seen));
  });
});

describe('catchPixels', () => {
  const [o, W, f] = [0, 255, 64];

  it('draws a pixel for a pixel', () => {
    const picture = catchPixels(seen);
    expect(picture.side).toBe(4);
    expect([...picture.pixels]).toEqual([o, o, o, o, o, o, o, W, o, o, o, o, o, W, W, o]);
    expect([...catchPixels(blank).pixels]).toEqual(new Array(16).fill(f));
  });

  it('draws at a scale', () => {
    const small: CatchWorld = { size: 2, visibleFrames: 1, frame: 2, ball: 0, paddle: 0 };
    const { side, pixels } = catchPixels(small, { scale: 2, reveal: true });
    expect(side).toBe(4);
    expect([...pixels]).toEqual([f, f, f, f, f, f, f, f, W, W, W, W, W, W, W, W]);
    const large = catchPixels(seen, { scale: 3 });
    expect(large.pixels.filter((x) => x === W)).toHaveLength(27);
    expect(large.pixels[3 * 12 + 9]).toBe(W);
    expect(large.pixels[3 * 12 + 8]).toBe(o);
  });

  it.each([{ scale: 0 }, { scale: 1.5 }, { zoom: 2 } as never])('refuses %j', (options) => {
    expect(() => catchPixels(seen, options)).toThrow(OptionError);
    expect(() => catchText(seen, { fog: true } as never)).toThrow(OptionError);
  });
});
