import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { textOf } from '../src/terminal/line.ts';
import { type TrainOptions, trainedConfig } from '../src/training/train-options.ts';
import {
  type Finished,
  reachedTarget,
  stoppedSummary,
  summary,
} from '../src/training/training-summary.ts';

const learnt: Finished = {
  result: {
    updates: 1400,
    best: { validationError: 0.0067, validationLoss: 0.02, update: 1400 },
    testError: 0.00675,
    stopped: 'target',
    seconds: 65.2,
  },
  config: trainedConfig('retrieval', { workers: 1 }),
  options: { workers: 1 },
  answers: [
    {
      text: 'h4e0l2p8w6y1??p',
      answer: 1,
      expected: 8,
      probability: 0.5,
      probabilities: [],
      attention: [],
    },
  ],
  directory: 'runs/retrieval-0123abcd',
  isLatest: true,
  isOld: false,
};

const ordered = (options: Partial<TrainOptions>): Pick<Finished, 'config' | 'options'> => {
  const all = { workers: 1, ...options };
  return { config: trainedConfig('retrieval', all), options: all };
};

const textFor = (outcome: Finished, columns = Infinity): string =>
  summary(outcome, columns)
    .map((line) => textOf(line).trimEnd())
    .join('\n');

beforeEach(() => {
  for (const name of ['npm_lifecycle_event', 'npm_package_name']) vi.stubEnv(name, undefined);
});
afterEach(() => vi.unstubAllEnvs());

describe('the summary', () => {
  it('says how it ended, what it knows, where it is, and what is next', () => {
    expect(textFor(learnt)).toBe(`
Learnt after 1,400 updates in 1 min 05 s: best validation error 0.67 %, under 1 %.
Test error 0.68 %: 135 wrong of 20,000 strings it has never seen.

  h4e0l2p8w6y1??p → 1 ✗  50.0 % sure, but it is 8, of 6 pairs, more than in training

Saved in runs/retrieval-0123abcd.

What to try next
  fastweights recall "j0a5s5z2??a"          see what it attends to
  fastweights recall "h4e0l2p8w6y1??p"      more pairs than it was trained on
  fastweights train retrieval --units 100   a larger memory`);
  });

  it('puts what a command is for above it where both do not fit', () => {
    expect(textFor(learnt, 60)).toContain(`
  see what it attends to
    fastweights recall "j0a5s5z2??a"
`);
  });

  it('says of a run that was finished before what to do about it', () => {
    const text = textFor({ ...learnt, ...ordered({ seed: 3 }), isOld: true, isLatest: false });
    expect(text).toContain(
      'It was trained before, and nothing was done now. Saved in runs/retrieval-0123abcd.',
    );
    expect(text).toContain('fastweights train retrieval --seed 3 --again ');
    expect(text).toContain('recall "j0a5s5z2??a" --run runs/retrieval-0123abcd');
  });

  it('says plainly that the target was missed, and how to go on, in a run of its own', () => {
    const settings = ['pairs=3', 'training.maxUpdates=5000'];
    const order = ordered({ seed: 3, out: 'mine', set: settings, workers: 2 });
    const best = { validationError: 0.148, validationLoss: 0.5, update: 4900 };
    const result = { ...learnt.result, updates: 5000, best, stopped: 'updates' as const };
    const text = textFor({ ...learnt, ...order, result });
    expect(text).toContain(
      'Not learnt after 5,000 updates in 1 min 05 s: best validation error 14.80 %, not under 1 %.',
    );
    expect(text).toContain(
      'fastweights train retrieval --seed 3 --updates 10000 --workers 2 --set pairs=3   give it longer',
    );
    expect(reachedTarget(result, order.config)).toBe(false);
  });

  it('says of a training without a target that it is done', () => {
    const order = ordered({ target: 0 });
    const result = { ...learnt.result, stopped: 'updates' as const };
    expect(textFor({ ...learnt, ...order, result })).toContain('Done after 1,400 updates');
    expect(reachedTarget(result, order.config)).toBe(true);
    const patient = { ...learnt.result, stopped: 'patience' as const };
    expect(textFor({ ...learnt, ...order, result: patient })).toContain('(it got no better)');
  });

  it('tells of images what can be asked of them', () => {
    const config = trainedConfig('faces', { workers: 1 });
    const text = textFor({ ...learnt, config, answers: [] });
    expect(text).toContain('Test error 0.68 % on images it has never seen.');
    expect(text).toContain('fastweights evaluate runs/retrieval-0123abcd');
    expect(text).not.toContain('recall');
  });

  it('names a directory without what drives a terminal', () => {
    const text = textFor({ ...learnt, directory: 'a\x1b[2J', isLatest: false });
    expect(text).toContain('Saved in a�[2J.');
    expect(text).toContain("--run 'a�[2J'");
    expect(text).not.toContain('\x1b');
  });

  it('repeats the command of a training that was stopped', () => {
    const order = ordered({ units: 20, target: 0.5, out: "my runs/it's", software: true });
    const lines = stoppedSummary(
      {
        ...learnt,
        ...order,
        directory: "my runs/it's",
        isLatest: false,
        progress: { updates: 1, best: { validationError: 0.9, update: 1 } },
      },
      Infinity,
    );
    const text = lines.map((line) => textOf(line).trimEnd()).join('\n');
    expect(text).toContain('Stopped after 1 update: best validation error 90.00 %.');
    expect(text).toContain("Saved in my runs/it's; the same command goes on.");
    expect(text).toContain(
      "fastweights train retrieval --units 20 --target 0.5 --out 'my runs/it'\\''s' --software",
    );
    expect(text).toContain("fastweights recall \"j0a5s5z2??a\" --run 'my runs/it'\\''s'");
  });
});
