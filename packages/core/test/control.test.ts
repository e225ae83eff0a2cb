import { describe, expect, it } from 'vitest';
import { stepBits } from '../src/control.ts';
import { type Control, controlBits, simplifyControl, writeStrengths } from '../src/index.ts';

const { read, write, wipe, hold } = controlBits;

describe('simplifyControl', () => {
  it('reads and writes everywhere when there is none', () => {
    expect(simplifyControl(undefined, 3)).toEqual([[3, 3, 3]]);
  });

  it('is one row where all samples do the same', () => {
    expect(
      simplifyControl(
        [
          [1, 2],
          [1, 2],
        ],
        2,
      ),
    ).toEqual([[1, 2]]);
    expect(
      simplifyControl(
        [
          [1, 2],
          [1, 3],
        ],
        2,
      ),
    ).toEqual([
      [1, 2],
      [1, 3],
    ]);
  });

  it('does nothing else on hold', () => {
    expect(simplifyControl([[hold | write | wipe, read]], 2)).toEqual([[hold, read]]);
  });
});

describe('stepBits', () => {
  it('is a mask only where samples differ', () => {
    const control: Control = [[read | write], [read | wipe]];
    const bits = stepBits(control, 0);
    expect([bits.read, bits.hold, bits.integrate]).toEqual([true, false, false]);
    expect([...(bits.write as Exclude<typeof bits.write, boolean>).dataSync()]).toEqual([1, 0]);
    expect([...(bits.wipe as Exclude<typeof bits.wipe, boolean>).dataSync()]).toEqual([0, 1]);
  });
});

describe('writeStrengths', () => {
  it('decays by writes, not by steps', () => {
    const { counts, strengths } = writeStrengths([[write, read, write, read | write]], {
      decayRate: 0.5,
      learningRate: 2,
    });
    expect(counts).toEqual([3]);
    expect(strengths).toEqual([
      [
        [0, 0, 0, 0],
        [2, 0, 0, 0],
        [2, 0, 0, 0],
        [1, 0, 2, 0],
        [0.5, 0, 1, 2],
      ],
    ]);
  });

  it('forgets what a window no longer holds', () => {
    const options = { decayRate: 0.5, learningRate: 1, window: 1 };
    expect(writeStrengths([[write, write]], options).strengths[0]?.at(-1)).toEqual([0, 1]);
  });
});
