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
 * Batches that are compared until two agree. A number that rounds to another side of a ReLU's kink changes a gradient by
 * more than rounding, rarely and in one batch; a mistake does in every batch.
 */
const BATCHES = 3;

/**
 * Whether all of one family compute the same loss and the same gradients, of every weight.
 *
 * @throws DisagreementError
 */
export async function checkAgreement(contenders: readonly Contender[]): Promise<Agreement[]> {
  const [reference, ...others] = contenders;
  if (!reference) return [];
  const agreements: Agreement[] = [];
  for (const contender of others) {
    const error = await errorOfBestBatch(contender, reference);
    agreements.push({ contender: contender.name, reference: reference.name, error });
  }
  return agreements;
}

async function errorOfBestBatch(contender: Contender, reference: Contender): Promise<number> {
  let best: readonly [what: string, error: number] = ['', Number.POSITIVE_INFINITY];
  for (let batch = 0; batch < BATCHES && !(best[1] <= MOST); batch++) {
    const worst = largestError(await contender.gradients(batch), await reference.gradients(batch));
    if (batch === 0 || worst[1] < best[1]) best = worst;
  }
  const [what, error] = best;
  // Written so that NaN fails.
  if (!(error <= MOST))
    throw new DisagreementError(contender.name, reference.name, what, error, MOST);
  return error;
}

function largestError(
  found: LossAndGradients,
  expected: LossAndGradients,
): readonly [what: string, error: number] {
  const errors: [string, number][] = [['the loss', relativeRms([found.loss], [expected.loss])]];
  for (const [path, gradient] of expected.gradients) {
    const other = found.gradients.get(path) ?? [];
    errors.push([`the gradient of ${path}`, relativeRms(other, gradient)]);
  }
  return (
    errors.find(([, error]) => Number.isNaN(error)) ??
    (errors.sort((a, b) => b[1] - a[1])[0] as [string, number])
  );
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
