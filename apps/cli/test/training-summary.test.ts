import { retrievalConfig } from '@fastweights/experiments';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { textOf } from '../src/terminal/line.ts';
import { type Outcome, reachedTarget, summary } from '../src/training/training-summary.ts';

const learnt: Outcome = {
  result: {
    updates: 1400,
    validationError: 0.0067,
    testError: 0.00675,
    stopped: 'target',
    seconds: 65.2,
    backend: 'wasm',
  },
  config: retrievalConfig,
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
  out: 'runs/retrieval',
  savedIn: 'runs/retrieval',
};

const textFor = (outcome: Outcome, columns = Infinity): string =>
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

  h4e0l2p8w6y1??p → 1 ✗  50.0 % sure, but it is 8, and 6 pairs are more than it was trained on

Saved in runs/retrieval.

What to try next
  fastweights recall "j0a5s5z2??a"                               see what it attends to
  fastweights recall "h4e0l2p8w6y1??p"                           more pairs than it was trained on
  fastweights train retrieval --units 100 --out runs/units-100   a larger memory`);
  });

  it('puts what a command is for above it where both do not fit', () => {
    expect(textFor(learnt, 60)).toContain(`
  see what it attends to
    fastweights recall "j0a5s5z2??a"
`);
  });

  it('says plainly that the target was missed, and how to go on', () => {
    const config = { ...retrievalConfig, seed: 3, maxUpdates: 5000 };
    const result = {
      ...learnt.result,
      updates: 5000,
      validationError: 0.148,
      stopped: 'updates' as const,
    };
    const text = textFor({ ...learnt, config, result });
    expect(text).toContain(
      'Not learnt after 5,000 updates in 1 min 05 s: best validation error 14.80 %, not under 1 %.',
    );
    expect(text).toContain('fastweights train retrieval --seed 3 --updates 10000   give it longer');
    expect(reachedTarget(result, config)).toBe(false);
  });

  it('says of a training without a target that it is done', () => {
    const config = { ...retrievalConfig, targetError: 0 };
    const result = { ...learnt.result, stopped: 'updates' as const };
    expect(textFor({ ...learnt, config, result })).toContain('Done after 1,400 updates');
    expect(reachedTarget(result, config)).toBe(true);
  });

  it('names a directory without what drives a terminal', () => {
    const text = textFor({ ...learnt, out: 'a\x1b[2J', savedIn: 'a\x1b[2J' });
    expect(text).toContain('Saved in a�[2J.');
    expect(text).toContain("--run 'a�[2J'");
    expect(text).not.toContain('\x1b');
  });

  it('repeats the command of a training that was stopped', () => {
    const config = { ...retrievalConfig, units: 20, targetError: 0.005 };
    const result = { ...learnt.result, updates: 1, seconds: 0.4, stopped: 'signal' as const };
    const out = "my runs/it's";
    const text = textFor({ ...learnt, config, result, out, savedIn: `${out}-interrupted` });
    expect(text).toContain('Stopped after 1 update in 0 s');
    expect(text).toContain(
      "Saved in my runs/it's-interrupted. The run in my runs/it's is as it was.",
    );
    expect(text).toContain(
      "fastweights train retrieval --units 20 --target 0.5 --out 'my runs/it'\\''s'",
    );
    expect(text).toContain(
      "fastweights recall \"j0a5s5z2??a\" --run 'my runs/it'\\''s-interrupted'",
    );
  });
});
