import { FastWeightsError } from '@fastweights/core';

/**
 * Why an exported model cannot be used:
 * - `foreign`: the bytes are no exported model;
 * - `damaged`: they were one;
 * - `newer`: a newer version of this software wrote them;
 * - `other-model`: the weights are not those of the model that the config names;
 * - `other-task`: it is an agent where a model is wanted, or a model where an agent is.
 */
export type ModelFileProblem = 'foreign' | 'damaged' | 'newer' | 'other-model' | 'other-task';

export class ModelFileError extends FastWeightsError {
  readonly problem: ModelFileProblem;
  /** The kind of model that the weights fit, where there is one. */
  readonly nearest: string | undefined;

  constructor(
    problem: ModelFileProblem,
    message: string,
    { nearest, ...options }: ErrorOptions & { readonly nearest?: string | undefined } = {},
  ) {
    super(
      'model-file',
      nearest === undefined ? message : `${message} They fit ${nearest}.`,
      options,
    );
    this.problem = problem;
    this.nearest = nearest;
  }
}
