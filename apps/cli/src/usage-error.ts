import { FastWeightsError } from '@fastweights/core';

/** A command line that asks for what there is not; found only once the command runs. */
export class UsageError extends FastWeightsError {
  constructor(message: string, options?: ErrorOptions) {
    super('usage', message, options);
  }
}
