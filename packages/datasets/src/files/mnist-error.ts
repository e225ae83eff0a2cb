import { FastWeightsError } from '@fastweights/core';

export type MnistFault =
  | 'not installed'
  | 'no such folder'
  | 'missing file'
  | 'unreadable'
  | 'checksum';

/** Files of MNIST's format that are not there, or not what their source promises. */
export class MnistFilesError extends FastWeightsError {
  readonly fault: MnistFault;
  /** The folder or file it is about; the name of the package where it is not installed. */
  readonly path: string;

  constructor(fault: MnistFault, path: string, message: string, options?: ErrorOptions) {
    super('mnist-files', message, options);
    this.fault = fault;
    this.path = path;
  }
}
