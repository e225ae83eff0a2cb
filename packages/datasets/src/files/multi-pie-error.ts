import { FastWeightsError } from '@fastweights/core';

/** There is no folder of images, no file of landmarks, or not one image of use among what was found. */
export type MultiPieFault = 'root' | 'landmarks' | 'no-images';

export class MultiPieError extends FastWeightsError {
  readonly fault: MultiPieFault;

  constructor(fault: MultiPieFault, message: string, options?: ErrorOptions) {
    super('multi-pie', message, options);
    this.fault = fault;
  }
}
