import type { ExperimentConfig } from '@fastweights/experiments';
import { printable } from '../printable.ts';
import { columnsOf } from '../reproduce/plan-page.ts';
import { count, percent } from '../terminal/format.ts';
import type { Line } from '../terminal/line.ts';
import { wrap } from '../terminal/wrap.ts';
import { sizeOf } from '../training/task-words.ts';
import type { Confusion } from './confusion.ts';

export interface Evaluated extends Confusion {
  readonly place: string;
  readonly config: ExperimentConfig;
  readonly data: 'test' | 'validation';
  /** Their names. */
  readonly classes: readonly string[];
}

/** How good a model is, and which classes it takes for which. */
export function evaluationPage(evaluated: Evaluated, columns: number): Line[] {
  const { place, config, data, examples, right, loss } = evaluated;
  const wrong = examples - right;
  const error = percent(wrong / examples);
  const name = data === 'test' ? 'Test error' : 'Validation error';
  const text = `${name} ${error}: ${count(wrong)} wrong of ${count(examples)}. Loss ${loss.toFixed(4)}.`;
  return [
    [
      ['strong', printable(place)],
      ['faint', `  ${sizeOf(config)}, seed ${config.seed}`],
    ],
    ...wrap(text, columns).map((line): Line => [line]),
    [],
    ...columnsOf([['', 'examples', 'wrong', 'error', 'mostly taken for'], ...rowsOf(evaluated)]),
  ];
}

function rowsOf({ classes, counts }: Evaluated): string[][] {
  return classes.map((name, target) => {
    const answers = counts[target] ?? [];
    const all = answers.reduce((sum, value) => sum + value, 0);
    const wrong = all - (answers[target] ?? 0);
    const error = all > 0 ? percent(wrong / all) : '–';
    return [
      printable(name),
      count(all),
      count(wrong),
      error,
      mostlyTaken(classes, answers, target),
    ];
  });
}

function mostlyTaken(
  classes: readonly string[],
  answers: readonly number[],
  target: number,
): string {
  const others = answers.map((value, answer) => (answer === target ? 0 : value));
  const most = Math.max(0, ...others);
  return most === 0 ? '–' : `${printable(classes[others.indexOf(most)] ?? '')} (${count(most)})`;
}
