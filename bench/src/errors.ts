import { FastWeightsError } from '@fastweights/core';

/** A contender that cannot be had here; the race goes on without it. */
export class ContenderUnavailable extends FastWeightsError {
  readonly contender: string;

  constructor(contender: string, why: string, options?: ErrorOptions) {
    super('contender-unavailable', `${contender} is not available: ${why}`, options);
    this.contender = contender;
  }
}

/** Two contenders that should compute the same do not: their times would mean nothing. */
export class DisagreementError extends FastWeightsError {
  constructor(contender: string, reference: string, what: string, error: number, most: number) {
    super(
      'disagreement',
      `${contender} and ${reference} disagree on ${what}: relative RMS error ${error.toExponential(1)}, ` +
        `at most ${most.toExponential(1)} is allowed. Nothing was timed.`,
    );
  }
}
