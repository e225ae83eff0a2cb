import { describe, expect, it } from 'vitest';
import type { Answer } from '../src/answers.ts';
import { textOf, widthOf } from '../src/terminal/line.ts';
import { trainedConfig } from '../src/training/train-options.ts';
import { trainingFrame } from '../src/training/training-frame.ts';
import { afterProgress, type TrainingState } from '../src/training/training-state.ts';

const answer: Answer = {
  text: 'j0a5s5z2??a',
  answer: 5,
  expected: 5,
  probability: 0.9,
  probabilities: [],
  attention: [0, 0, 0.4, 0.6, 0, 0, 0, 0, 0, 0, 0],
};

const start: TrainingState = {
  config: trainedConfig('retrieval', { workers: 1 }),
  backend: 'wasm',
  weightCount: 20_660,
  began: 0,
  update: 0,
  seconds: 0,
  errors: [],
  answers: [answer, { ...answer, answer: 3 }],
  notice: 'Ctrl-C stops early.',
};

const trained = (errors: readonly number[]): TrainingState =>
  errors.reduce(
    (state, validationError, i) =>
      afterProgress(state, { update: 100 * (i + 1), loss: 1.5, validationError }, 2 * (i + 1)),
    start,
  );

const frame = (state: TrainingState, columns = 99, rows = 29): string[] =>
  trainingFrame(state, { columns, rows }).map(textOf);

describe('the picture of a training', () => {
  it('says what is learnt, with what, and how far it is', () => {
    const lines = frame(trained([0.8547, 0.7, 0.643]));
    expect(lines[0]).toBe('Learning to remember   c9k8j3f1??c → 9   which digit came with the c?');
    expect(lines[1]).toBe(
      '50 fast-weights units · 20,660 weights to learn · backend wasm · seed 1',
    );
    expect(lines.slice(-6)).toEqual([
      'answers  j0a5s5z2??a → 5 ✓   j0a5s5z2??a → 3 ✗',
      'reads      ▅█                  ▅█             ',
      '',
      'update     300 of at most 4,000    50 updates/s    6 s',
      'error    64.30 %   best 64.30 % at update 300   loss 1.500',
      'Ctrl-C stops early.',
    ]);
    expect(lines.join('\n')).toContain('62 %┤┄');
    expect(lines.join('\n')).toContain(' 1 %┤┄');
    expect(lines.join('\n')).toContain('the goal: under 1 %');
  });

  it('keeps the best error when a later one is worse', () => {
    const lines = frame(trained([0.5, 0.2, 0.3]));
    expect(lines.at(-2)).toBe('error    30.00 %   best 20.00 % at update 200   loss 1.500');
  });

  it('fits into every terminal', () => {
    const state = trained([0.8547, 0.7, 0.643]);
    for (const columns of [20, 39, 59, 79, 99, 199]) {
      for (const rows of [3, 8, 11, 19, 29, 49]) {
        const lines = trainingFrame(state, { columns, rows });
        expect(lines.length).toBeLessThanOrEqual(rows);
        if (columns >= 59)
          for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
      }
    }
  });

  it('names weights, backend and seed in 60 columns too', () => {
    expect(frame(start, 59, 19)[1]).toBe('50 units · 20,660 weights · wasm · seed 1');
  });

  it('has an axis that only doubles, up to the last update', () => {
    const end = (updates: number): string | undefined =>
      frame({ ...start, update: updates }).find(
        (line) => line.endsWith(' updates') && !line.includes('best'),
      );
    for (const [update, label] of [
      [0, '1,000'],
      [1000, '1,000'],
      [1001, '2,000'],
      [2001, '4,000'],
      [4000, '4,000'],
    ] as const) {
      expect(end(update)).toMatch(new RegExp(` ${label} updates$`));
    }
  });

  it('has no goal where there is none, but a bar and the time that is left', () => {
    const config = trainedConfig('retrieval', { workers: 1, target: 0 });
    const lines = frame({ ...trained([0.5]), config });
    expect(lines.join('\n')).not.toContain('goal');
    expect(lines.at(-3)).toBe(
      'update     100 of 4,000   ────────────────   2 %    50 updates/s   1 min 18 s left',
    );
  });

  it('counts from where this session began, and knows what came before', () => {
    const state = { ...trained([0.5, 0.2, 0.1]), began: 200, seconds: 1 };
    expect(frame(state).at(-3)).toContain('100 updates/s');
  });

  it('shows answers without attention, and images without answers', () => {
    const { attention: _, ...plain } = answer;
    const lines = frame({ ...start, answers: [plain] });
    expect(lines.join('\n')).toContain('answers  j0a5s5z2??a → 5 ✓');
    expect(lines.join('\n')).not.toContain('reads');
    const config = trainedConfig('mnist', { workers: 1, units: 20, model: 'conv-net' });
    const images = frame({ ...start, config, answers: [] });
    expect(images[0]).toBe('Learning to read digits   from whole images');
    expect(images[1]).toMatch(/^20 conv-net features · /);
    expect(images.join('\n')).toContain('5,000 images kept aside');
    expect(images.join('\n')).not.toMatch(/^answers/m);
  });
});
