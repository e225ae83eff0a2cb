import type { Contender, LossAndGradients } from './contender.ts';
import { DisagreementError } from './errors.ts';

/** Relative RMS error that float32 and another order of sums may cause. */
const MOST = 1e-4;

export interface Agreement {
  readonly contender: string;
  readonly reference: string;
  /** The largest of all relative RMS errors. */
  readonly error: number;
}

/**
 * Whether all of one family compute the same loss and the same gradients, of every weight.
 *
 * @throws DisagreementError
 */
export async function checkAgreement(contenders: readonly Contender[]): Promise<Agreement[]> {
  const [reference, ...others] = contenders;
  if (!reference) return [];
  const expected = await reference.gradients(0);
  const agreements: Agreement[] = [];
  for (const contender of others) {
    const found = await contender.gradients(0);
    const error = compare(contender.name, found, reference.name, expected);
    agreements.push({ contender: contender.name, reference: reference.name, error });
  }
  return agreements;
}

function compare(
  name: string,
  found: LossAndGradients,
  reference: string,
  expected: LossAndGradients,
): number {
  const errors = new Map([['the loss', relativeRms([found.loss], [expected.loss])]]);
  for (const [path, gradient] of expected.gradients) {
    const other = found.gradients.get(path) ?? [];
    errors.set(`the gradient of ${path}`, relativeRms(other, gradient));
  }
  for (const [what, error] of errors) {
    // Written so that NaN fails.
    if (!(error <= MOST)) throw new DisagreementError(name, reference, what, error, MOST);
  }
  return Math.max(...errors.values());
}

/** ‖found − expected‖ / ‖expected‖ */
function relativeRms(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Number.POSITIVE_INFINITY;
  let [difference, size] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [found[i] as number, expected[i] as number];
    difference += (a - b) ** 2;
    size += b ** 2;
  }
  return Math.sqrt(difference / size);
}
