import { describe, expect, test } from 'vitest';
import {
  type FastWeightsOracleInputs,
  type FastWeightsOracleOptions,
  fastWeightsOracle,
} from '../src/fast-weights-oracle.ts';

const READ = 1;
const WRITE = 2;
const WIPE = 4;
const INTEGRATE = 8;
const HOLD = 16;

const options: FastWeightsOracleOptions = {
  decayRate: 0.5,
  learningRate: 0.25,
  innerSteps: 1,
  settling: 'sustained',
  layerNorm: [],
};

/** One sample of one unit, W = 0.5. */
function oneUnit(drive: readonly number[]): FastWeightsOracleInputs {
  return { drive: [drive.map((value) => [value])], recurrentKernel: [[0.5]] };
}

/** y(t) of one unit. */
function run(
  drive: readonly number[],
  changed: Partial<FastWeightsOracleOptions> = {},
  inputs: Partial<FastWeightsOracleInputs> = {},
): { y: number[]; h: number | undefined; A: number | undefined } {
  const result = fastWeightsOracle({ ...oneUnit(drive), ...inputs }, { ...options, ...changed });
  return {
    y: result.outputs.flat(2),
    h: result.h[0]?.[0],
    A: result.A[0]?.[0]?.[0],
  };
}

describe('one unit, W = 0.5, λ = 0.5, η = 0.25, drive 2, 1, 0', () => {
  test('S = 0: the plain network, and the memory it writes', () => {
    // t=1: y = 2,              A = 0.25·2² = 1
    // t=2: y = 1 + 0.5·2 = 2,  A = 0.5·1 + 0.25·2² = 1.5
    // t=3: y = 0 + 0.5·2 = 1,  A = 0.5·1.5 + 0.25·1² = 1
    expect(run([2, 1, 0], { innerSteps: 0 })).toEqual({ y: [2, 2, 1], h: 1, A: 1 });
  });

  test('S = 1', () => {
    // t=1: h0 = 2, y = 2 + 0·2 = 2,             A = 1
    // t=2: b = 1 + 1 = 2, h0 = 2, y = 2 + 1·2 = 4, A = 0.5 + 0.25·16 = 4.5
    // t=3: b = 0 + 2 = 2, h0 = 2, y = 2 + 4.5·2 = 11, A = 2.25 + 0.25·121 = 32.5
    expect(run([2, 1, 0])).toEqual({ y: [2, 4, 11], h: 11, A: 32.5 });
  });

  test('S = 2, with everything it passed through', () => {
    // t=2: b = 2, h0 = 2, h1 = 2 + 1·2 = 4, h2 = 2 + 1·4 = 6, A = 0.5 + 0.25·36 = 9.5
    // t=3: b = 3, h0 = 3, h1 = 3 + 9.5·3 = 31.5, h2 = 3 + 9.5·31.5 = 302.25
    const result = fastWeightsOracle(oneUnit([2, 1, 0]), { ...options, innerSteps: 2 });
    expect(result.outputs).toEqual([[[2], [6], [302.25]]]);
    expect(result.hidden).toEqual([
      [
        [[2], [2], [2]],
        [[2], [4], [6]],
        [[3], [31.5], [302.25]],
      ],
    ]);
    expect(result.reads).toEqual([
      [
        [[0], [0]],
        [[2], [4]],
        [[28.5], [299.25]],
      ],
    ]);
    expect(result.preActivations).toEqual([2, 2, 2, 2, 4, 6, 3, 31.5, 302.25]);
  });

  test('free settling, S = 2: h_s in the place of the boundary', () => {
    // t=1: 2, 2, 2,                              A = 1
    // t=2: h0 = 2, h1 = 2 + 1·2 = 4, h2 = 4 + 1·4 = 8, A = 0.5 + 0.25·64 = 16.5
    expect(run([2, 1], { innerSteps: 2, settling: 'free' })).toEqual({ y: [2, 8], h: 8, A: 16.5 });
  });

  test('ReLU: a negative boundary gives 0, and the memory still decays', () => {
    // t=2: b = −3 + 1 = −2, h0 = 0, y = f(−2 + 0) = 0, A = 0.5
    const result = fastWeightsOracle(oneUnit([2, -3]), options);
    expect(result.outputs).toEqual([[[2], [0]]]);
    expect(result.preActivations).toEqual([2, 2, -2, -2]);
    expect(result.A).toEqual([[[0.5]]]);
  });

  test('h carried in', () => {
    // b = 1 + 0.5·4 = 3, A = 0, A afterwards 0.25·9
    expect(run([1], {}, { h: [[4]] })).toEqual({ y: [3], h: 3, A: 2.25 });
  });
});

describe('two units', () => {
  // h W = [2 h_2, h_1]
  const recurrentKernel = [
    [0, 1],
    [2, 0],
  ];

  test('S = 1: the kernel is applied from the right, A has off-diagonal elements', () => {
    // η = 0.5
    // t=1: y = [1, 0],                             A = [[0.5, 0], [0, 0]]
    // t=2: b = [1 + 0, −0.5 + 1] = h0, A h0 = [0.5, 0], y = [1.5, 0.5]
    //      A = [[0.25, 0], [0, 0]] + 0.5 [[2.25, 0.75], [0.75, 0.25]]
    //        = [[1.375, 0.375], [0.375, 0.125]]
    // t=3: b = [0 + 1, −2 + 1.5] = [1, −0.5], h0 = [1, 0], A h0 = [1.375, 0.375]
    //      y = f([2.375, −0.125]) = [2.375, 0]
    //      A = [[0.6875, 0.1875], [0.1875, 0.0625]] + 0.5 [[5.640625, 0], [0, 0]]
    const drive = [
      [
        [1, 0],
        [1, -0.5],
        [0, -2],
      ],
    ];
    const result = fastWeightsOracle({ drive, recurrentKernel }, { ...options, learningRate: 0.5 });
    expect(result.outputs).toEqual([
      [
        [1, 0],
        [1.5, 0.5],
        [2.375, 0],
      ],
    ]);
    expect(result.A).toEqual([
      [
        [3.5078125, 0.1875],
        [0.1875, 0.0625],
      ],
    ]);
    expect(result.reads).toEqual([[[[0, 0]], [[0.5, 0]], [[1.375, 0.375]]]]);
    expect(result.preActivations).toEqual([1, 0, 1, 0, 1, 0.5, 1.5, 0.5, 1, -0.5, 2.375, -0.125]);
  });

  test('innerKernel takes the place of A, which is neither read nor written', () => {
    // h0 = b = [1, 2], h0 U = [0·1 + 0·2, 3·1 + 0·2] = [0, 3], y = [1, 5]
    const A = [
      [
        [7, 7],
        [7, 7],
      ],
    ];
    const innerKernel = [
      [0, 3],
      [0, 0],
    ];
    const result = fastWeightsOracle(
      { drive: [[[1, 2]]], recurrentKernel, innerKernel, A },
      options,
    );
    expect(result.outputs).toEqual([[[1, 5]]]);
    expect(result.reads).toEqual([[[[0, 3]]]]);
    expect(result.A).toEqual(A);
  });

  describe('layer norm', () => {
    // Two units a, b: mean (a+b)/2, deviation ±d with d = (a−b)/2, variance d²; so
    // LN = ±d/√(d² + 1e-5). For d = 1: ±n, n = (1 + 1e-5)^(−1/2) = 1 − 5e-6 + 3.75e-11 − …
    const n = 0.9999950000375;
    const inputs: FastWeightsOracleInputs = {
      drive: [[[3, 1]]],
      recurrentKernel,
      gain: [2, 3],
      bias: [1, 5],
    };
    const y = (
      layerNorm: FastWeightsOracleOptions['layerNorm'],
      changed: Partial<FastWeightsOracleOptions> = {},
      changedInputs: Partial<FastWeightsOracleInputs> = {},
    ) =>
      fastWeightsOracle(
        { ...inputs, ...changedInputs },
        { ...options, ...changed, layerNorm },
      ).hidden.flat(2);

    test('inner: on every step after h_0', () => {
      const normalised = [expect.closeTo(2 * n + 1, 12), expect.closeTo(-3 * n + 5, 12)];
      expect(y(['inner'], { innerSteps: 2 })).toEqual([[3, 1], normalised, normalised]);
    });

    test('inner: what was read is inside', () => {
      // h0 = [1, 0], A h0 = [0·1, 4·1] = [0, 4]; LN of [1, 4]: d = −1.5,
      // 1.5/√(2.25 + 1e-5) = (1 + 1e-5/2.25)^(−1/2) = 1 − 2.2222222e-6 + 7.4e-12
      const A = [
        [
          [0, 0],
          [4, 0],
        ],
      ];
      const changed = { drive: [[[1, 0]]], A, gain: [1, 1], bias: [0, 0] };
      expect(y(['inner'], {}, changed)).toEqual([
        [1, 0],
        [0, expect.closeTo(0.9999977777852, 12)],
      ]);
    });

    test('preliminary: on h_0 only', () => {
      const normalised = [expect.closeTo(2 * n + 1, 12), expect.closeTo(-3 * n + 5, 12)];
      expect(y(['preliminary'])).toEqual([normalised, [3, 1]]);
    });

    test('plain: on the steps that do not read, and on no other', () => {
      const normalised = [expect.closeTo(2 * n + 1, 12), expect.closeTo(-3 * n + 5, 12)];
      expect(y(['plain'], { control: [[WRITE]] })).toEqual([normalised]);
      expect(y(['plain'])).toEqual([
        [3, 1],
        [3, 1],
      ]);
      expect(y(['inner', 'preliminary'], { control: [[WRITE]] })).toEqual([[3, 1]]);
    });

    test('gain 1 and bias 0 when absent; one unit is all bias', () => {
      const { gain: _, bias: __, ...bare } = inputs;
      const result = fastWeightsOracle(bare, { ...options, layerNorm: ['inner'] });
      expect(result.outputs).toEqual([[[expect.closeTo(n, 12), 0]]]);
      expect(run([5], { layerNorm: ['inner'] }, { gain: [3], bias: [0.5] }).y).toEqual([0.5]);
    });

    test('free settling normalises h_s + A h_s', () => {
      // h0 = [1, 0], A h0 = [3, 2], LN of [4, 2]: [n, −n]
      const A = [
        [
          [3, 0],
          [2, 0],
        ],
      ];
      const changed = { drive: [[[1, -9]]], A, gain: [1, 1], bias: [0, 0] };
      expect(y(['inner'], { settling: 'free' }, changed)).toEqual([
        [1, 0],
        [expect.closeTo(n, 12), 0],
      ]);
    });
  });
});

describe('control bits (one unit, W = 0.5, λ = 0.5, η = 0.25; after drive 2: y = 2, A = 1)', () => {
  test('absent: READ | WRITE', () => {
    const explicit = run([2, 1, 0], { control: [[READ | WRITE, READ | WRITE, READ | WRITE]] });
    expect(explicit).toEqual({ y: [2, 4, 11], h: 11, A: 32.5 });
  });

  test('without READ the step is plain', () => {
    // t=2: y = 1 + 1 = 2 (not 4), A = 0.5 + 0.25·4
    const result = fastWeightsOracle(oneUnit([2, 1]), {
      ...options,
      control: [[READ | WRITE, WRITE]],
    });
    expect(result.outputs).toEqual([[[2], [2]]]);
    expect(result.hidden).toEqual([[[[2], [2]], [[2]]]]);
    expect(result.reads).toEqual([[[[0]], []]]);
    expect(result.preActivations).toEqual([2, 2, 2]);
    expect(result.A).toEqual([[[1.5]]]);
  });

  test('without WRITE the memory stays as it is, without decay', () => {
    // t=2: y = 2 + 1·2 = 4, A = 1; t=3: b = 2, y = 2 + 1·2 = 4, A = 0.5 + 0.25·16 = 4.5
    const control = [[READ | WRITE, READ, READ | WRITE]];
    expect(run([2, 1, 0], { control })).toEqual({ y: [2, 4, 4], h: 4, A: 4.5 });
  });

  test('WIPE clears h after the write, not the output', () => {
    // t=1: y = 2 is written, A = 1, h = 0; t=2: b = 1, y = 1 + 1·1 = 2, A = 0.5 + 0.25·4, h = 0
    const control = [[READ | WRITE | WIPE, READ | WRITE | WIPE]];
    expect(run([2, 1], { control })).toEqual({ y: [2, 2], h: 0, A: 1.5 });
  });

  test('INTEGRATE, sustained: the other kernel, and h_0 from the drive alone', () => {
    // t=2, W_int = 3: b = 1 + 3·2 = 7, h0 = f(1) = 1, y = 7 + 1·1 = 8
    const inputs = { ...oneUnit([2, 1]), integrationKernel: [[3]] };
    const result = fastWeightsOracle(inputs, {
      ...options,
      control: [[READ | WRITE, READ | INTEGRATE]],
    });
    expect(result.hidden).toEqual([
      [
        [[2], [2]],
        [[1], [8]],
      ],
    ]);
    expect(result.A).toEqual([[[1]]]);
  });

  test('INTEGRATE, free: h_0 from the boundary, or W_int h would be lost', () => {
    // t=2, W_int = 3: h0 = 7, y = 7 + 1·7 = 14
    const control = [[READ | WRITE, READ | INTEGRATE]];
    const { y } = run([2, 1], { control, settling: 'free' }, { integrationKernel: [[3]] });
    expect(y).toEqual([2, 14]);
  });

  test('INTEGRATE without READ: y = f(drive + W_int h)', () => {
    const control = [[READ | WRITE, INTEGRATE]];
    expect(run([2, 1], { control }, { integrationKernel: [[3]] }).y).toEqual([2, 7]);
  });

  test('HOLD overrules every other bit', () => {
    // t=2: y = h = 2, A = 1, h not wiped; t=3 is then what t=2 was: b = 1 + 1, y = 2 + 1·2 = 4
    const all = READ | WRITE | WIPE | INTEGRATE | HOLD;
    const result = fastWeightsOracle(oneUnit([2, 99, 1]), {
      ...options,
      control: [[READ | WRITE, all, READ | WRITE]],
    });
    expect(result.outputs).toEqual([[[2], [2], [4]]]);
    expect(result.hidden[0]?.[1]).toEqual([[2]]);
    expect(result.reads[0]?.[1]).toEqual([]);
    expect(result.preActivations).toEqual([2, 2, 2, 4]);
    expect(result.A).toEqual([[[4.5]]]);
  });

  test('HOLD after WIPE gives the wiped h', () => {
    const control = [[READ | WRITE | WIPE, HOLD]];
    expect(run([2, 5], { control })).toEqual({ y: [2, 0], h: 0, A: 1 });
  });

  test('one row for all samples, or one row each', () => {
    const inputs = {
      drive: [
        [[2], [1]],
        [[2], [1]],
      ],
      recurrentKernel: [[0.5]],
    };
    const shared = fastWeightsOracle(inputs, { ...options, control: [[3, WRITE]] });
    const own = fastWeightsOracle(inputs, {
      ...options,
      control: [
        [3, WRITE],
        [3, HOLD],
      ],
    });
    expect(shared.A).toEqual([[[1.5]], [[1.5]]]);
    expect(own.A).toEqual([[[1.5]], [[1]]]);
  });
});

describe('window', () => {
  test('M = 1: only the last write', () => {
    // t=2: y = 4, A = 0.25·16 = 4; t=3: b = 2, y = 2 + 4·2 = 10, A = 0.25·100 = 25
    expect(run([2, 1, 0], { window: 1 })).toEqual({ y: [2, 4, 10], h: 10, A: 25 });
  });

  test('M = 2: the third write drops the first', () => {
    // t=3: y = 2 + 4.5·2 = 11, A = 0.5·0.25·16 + 0.25·121 = 2 + 30.25
    expect(run([2, 1, 0], { window: 2 })).toEqual({ y: [2, 4, 11], h: 11, A: 32.25 });
  });

  test('it counts the writes of the sample, not the time steps', () => {
    // As M = 1 above, but the write of t=1 is still there after two steps that do not write.
    const control = [[3, READ, HOLD, READ]];
    expect(run([2, 1, 0, 0], { window: 1, control })).toEqual({ y: [2, 4, 4, 4], h: 4, A: 1 });
  });

  test('carried writes: empty slots do not count, and what is in them does not matter', () => {
    // A = 1·4 = 4, h = 0: b = 1, y = 1 + 4 = 5; both writes fit in the window:
    // A = 0.5·4 + 0.25·25 = 8.25
    const past = [[[Number.NaN], [2]]];
    const weights = [[0, 1]];
    expect(run([1], { window: 2 }, { past, weights })).toEqual({ y: [5], h: 5, A: 8.25 });
  });

  test('carried writes: the oldest goes first', () => {
    // A = 2·1 + 1·4 = 6: y = 1 + 6 = 7; then without [1]: A = 0.5·4 + 0.25·49 = 14.25
    const carried = { past: [[[1], [2]]], weights: [[2, 1]] };
    expect(run([1], { window: 2 }, carried)).toEqual({ y: [7], h: 7, A: 14.25 });
    // M = 1: only [2] was ever in the window: y = 1 + 4 = 5, A = 0.25·25
    expect(run([1], { window: 1 }, carried)).toEqual({ y: [5], h: 5, A: 6.25 });
  });
});

describe('identities, on random numbers', () => {
  const [B, T, H] = [2, 6, 3];
  const random = generator(7);
  const matrix = (rows: number, columns: number, scale = 1): number[][] =>
    Array.from({ length: rows }, () => Array.from({ length: columns }, () => scale * random()));
  const inputs: FastWeightsOracleInputs = {
    drive: [matrix(T, H), matrix(T, H)],
    recurrentKernel: matrix(H, H, 0.5),
    gain: [1.1, 0.9, 1.2],
    bias: [0.5, 0.6, 0.7],
  };
  const settings: FastWeightsOracleOptions = {
    decayRate: 0.9,
    learningRate: 0.4,
    innerSteps: 2,
    settling: 'sustained',
    layerNorm: ['inner'],
  };
  const whole = fastWeightsOracle(inputs, settings);

  test('eq. 3: A(T) = η Σ_τ λ^(T−τ) h(τ) h(τ)ᵀ', () => {
    for (let b = 0; b < B; b++) {
      const h = whole.outputs[b] ?? [];
      for (let i = 0; i < H; i++) {
        for (let j = 0; j < H; j++) {
          const terms = h.map((y, t) => 0.4 * 0.9 ** (T - 1 - t) * value(y, i) * value(y, j));
          expect(whole.A[b]?.[i]?.[j]).toBeCloseTo(total(terms), 12);
        }
      }
    }
    for (const A of whole.A) expect(Math.max(...A.flat())).toBeGreaterThan(0.1);
  });

  test('eq. 4: A(t) h_s = η Σ_τ λ^(t−τ) h(τ) [h(τ)ᵀ h_s]', () => {
    let largest = 0;
    for (let b = 0; b < B; b++) {
      const h = whole.outputs[b] ?? [];
      for (let t = 0; t < T; t++) {
        for (let s = 0; s < 2; s++) {
          const query = whole.hidden[b]?.[t]?.[s] ?? [];
          const scores = h.slice(0, t).map((y, tau) => {
            return 0.4 * 0.9 ** (t - 1 - tau) * total(y.map((key, i) => key * value(query, i)));
          });
          for (let i = 0; i < H; i++) {
            const attended = total(scores.map((score, tau) => score * value(h[tau], i)));
            expect(whole.reads[b]?.[t]?.[s]?.[i]).toBeCloseTo(attended, 12);
            largest = Math.max(largest, attended);
          }
        }
      }
    }
    expect(largest).toBeGreaterThan(0.1);
  });

  test('two halves with h and A carried = the whole', () => {
    const first = fastWeightsOracle(
      { ...inputs, drive: inputs.drive.map((x) => x.slice(0, 2)) },
      settings,
    );
    const { h, A } = first;
    const rest = inputs.drive.map((x) => x.slice(2));
    const second = fastWeightsOracle({ ...inputs, drive: rest, h, A }, settings);
    expect(second.outputs).toEqual(whole.outputs.map((y) => y.slice(2)));
    expect(second.A).toEqual(whole.A);
  });

  test('two halves with h and the writes carried = the whole, windowed or not', () => {
    for (const changed of [settings, { ...settings, window: 3 }]) {
      const reference = fastWeightsOracle(inputs, changed);
      const past = reference.outputs.map((y) => y.slice(0, 4));
      const carried = {
        h: past.map((y) => y[3] ?? []),
        past: past.map((y) => [[9, 9, 9], ...y]),
        weights: past.map(() => [0, ...[3, 2, 1, 0].map((age) => 0.4 * 0.9 ** age)]),
      };
      const rest = inputs.drive.map((x) => x.slice(4));
      const second = fastWeightsOracle({ ...inputs, drive: rest, ...carried }, changed);
      const close = (numbers: number[][][]) => numbers.flat(2).map((x) => expect.closeTo(x, 12));
      expect(second.outputs.flat(2)).toEqual(close(reference.outputs.map((y) => y.slice(4))));
      expect(second.A.flat(2)).toEqual(close(reference.A));
    }
  });

  test('carried writes = the matrix they make', () => {
    const past = [matrix(4, H), matrix(4, H)];
    const weights = matrix(B, 4);
    const A = past.map((writes, b) =>
      [0, 1, 2].map((i) =>
        [0, 1, 2].map((j) =>
          total(writes.map((v, slot) => value(weights[b], slot) * value(v, i) * value(v, j))),
        ),
      ),
    );
    const asWrites = fastWeightsOracle({ ...inputs, past, weights }, settings).preActivations;
    const asMatrix = fastWeightsOracle({ ...inputs, A }, settings).preActivations;
    expect(asWrites).toEqual(asMatrix.map((x) => expect.closeTo(x, 10)));
    expect(asWrites).not.toEqual(whole.preActivations);
  });

  test('a sample does not see the others', () => {
    const alone = fastWeightsOracle({ ...inputs, drive: inputs.drive.slice(1) }, settings);
    expect(alone.outputs).toEqual(whole.outputs.slice(1));
  });

  test('a window as long as the sequence changes nothing', () => {
    const windowed = fastWeightsOracle(inputs, { ...settings, window: T });
    expect(windowed.preActivations).toEqual(whole.preActivations.map((x) => expect.closeTo(x, 12)));
  });
});

test('the inputs are not changed', () => {
  const inputs = { ...oneUnit([2, 1]), h: [[1]], A: [[[1]]] };
  const before = structuredClone(inputs);
  fastWeightsOracle(inputs, options);
  expect(inputs).toEqual(before);
});

describe('errors', () => {
  const bad: [
    string,
    Partial<FastWeightsOracleInputs>,
    Partial<FastWeightsOracleOptions>,
    RegExp,
  ][] = [
    ['A and past', { A: [[[1]]], past: [[[1]]], weights: [[1]] }, {}, /A and past/],
    ['a window on A', { A: [[[1]]] }, { window: 2 }, /window needs the writes/],
    ['past alone', { past: [[[1]]] }, {}, /belong together/],
    ['window 0', {}, { window: 0 }, /window 0/],
    ['INTEGRATE without its kernel', {}, { control: [[3, 9]] }, /integrationKernel/],
    ['a short control', {}, { control: [[3]] }, /lengths 2 and 1/],
    [
      'controls for other samples',
      {},
      {
        control: [
          [3, 3],
          [3, 3],
        ],
      },
      /control/,
    ],
    ['another number of units', { gain: [1, 1] }, { layerNorm: ['inner'] }, /lengths 1 and 2/],
  ];
  test.each(bad)('%s', (_, inputs, changed, message) => {
    expect(() => run([2, 1], changed, inputs)).toThrow(message);
  });
});

/** Uniform on (−1, 1): the linear congruential generator of Numerical Recipes. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (1664525 * state + 1013904223) % 2 ** 32;
    return state / 2 ** 31 - 1;
  };
}

function total(terms: readonly number[]): number {
  return terms.reduce((sum, term) => sum + term, 0);
}

function value(vector: readonly number[] | undefined, index: number): number {
  return vector?.[index] ?? Number.NaN;
}
