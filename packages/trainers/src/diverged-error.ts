import { FastWeightsError } from '@fastweights/core';

/** How training stopped being about numbers, as far as it could be found out. */
export interface Divergence {
  /** The update at which it was first seen. */
  readonly update: number;
  /** What was NaN or infinite first: the loss, a weight, its gradient, or what the optimiser remembers of it. */
  readonly what: 'loss' | 'weight' | 'gradient' | 'moment';
  /** The path of that weight, the first of the model's. */
  readonly path?: string;
  /** The last update before it at which all was well. */
  readonly before?: Norms;
}

/** How large everything was at an update, before the weights moved. */
export interface Norms {
  readonly update: number;
  readonly loss: number;
  /** Of all gradients together, before any clipping. */
  readonly gradients: number;
  /** By path. */
  readonly weights: Readonly<Record<string, number>>;
}

/** The loss or a weight stopped being a number; the model has the best weights there were before. */
export class DivergedError extends FastWeightsError {
  readonly update: number;
  readonly divergence: Divergence;

  constructor(divergence: Divergence, left = 'The model is left with the best weights before it.') {
    const parts = [
      `Training diverged at update ${divergence.update}: ${describe(divergence)}.`,
      divergence.before && describeNorms(divergence.before),
      left,
      'Try a smaller learning rate, clipNorm, or layer norm in the inner loop.',
    ];
    super('diverged', parts.filter(Boolean).join(' '));
    this.update = divergence.update;
    this.divergence = divergence;
  }
}

function describe({ what, path }: Divergence): string {
  switch (what) {
    case 'loss':
      return 'the loss was no longer a number';
    case 'weight':
      return `the weight ${path} was no longer a number`;
    case 'gradient':
      return `the gradient of ${path} was no longer a number`;
    case 'moment':
      return `what the optimiser remembers (${path}) was no longer a number`;
  }
}

function describeNorms({ update, loss, gradients, weights }: Norms): string {
  const norms = Object.entries(weights).map(([path, norm]) => `${path} ${short(norm)}`);
  return (
    `At update ${update} the loss was ${short(loss)}, the norm of the gradients ${short(gradients)}, ` +
    `and those of the weights: ${norms.join(', ')}.`
  );
}

const short = (value: number): string => String(Number(value.toPrecision(3)));
