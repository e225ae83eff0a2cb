import { selfTestNumbers } from './self-test-numbers.ts';
import { type StepSizes, trainingStep } from './training-step.ts';

export const SELF_TEST: StepSizes = { batchSize: 2, time: 4, units: 6 };

/** Far more than rounding, far less than a driver that answers wrong numbers. */
const TOLERANCE = 1e-3;

/**
 * One tiny training step, compared with the loss and the gradients that the float64 oracle has.
 *
 * @returns what is wrong, with the numbers; nothing when all is well
 */
export async function selfTest(): Promise<string | undefined> {
  const { loss, gradients } = await trainingStep(SELF_TEST);
  const results: Record<string, ArrayLike<number>> = { loss: [loss], ...gradients };
  for (const [name, expected] of Object.entries(selfTestNumbers)) {
    const actual = Array.from(results[name] ?? []);
    const error = relativeError(actual, expected);
    if (!(error <= TOLERANCE)) {
      const what = name === 'loss' ? 'the loss' : `the gradient of ${name}`;
      return `${what} is ${show(actual)} where ${show(expected)} is right`;
    }
  }
  return undefined;
}

/** Root mean square of the difference, relative to what is expected; NaN for any NaN. */
function relativeError(actual: readonly number[], expected: readonly number[]): number {
  if (actual.length !== expected.length) return Number.NaN;
  const squares = (values: readonly number[]): number => values.reduce((sum, x) => sum + x * x, 0);
  const difference = expected.map((x, i) => x - (actual[i] as number));
  return Math.sqrt(squares(difference) / squares(expected));
}

function show(values: readonly number[]): string {
  const shown = values.slice(0, 4).map((x) => Number(x.toPrecision(4)));
  return values.length > 4 ? `${shown.join(', ')}, …` : shown.join(', ');
}
