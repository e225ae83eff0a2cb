import {
  type Batch,
  type Model,
  type Optimizer,
  type Position,
  type Snapshot,
  type Weights,
  walkWeights,
} from '@fastweights/core';
import {
  clone,
  dispose,
  keep,
  type NamedTensorMap,
  type Tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Divergence, Norms } from './diverged-error.ts';

/** Training as it was after an update, to be gone over again. */
export interface Moment extends Snapshot {
  readonly update: number;
  readonly position: Position;
}

/** Keeps everything where it is: nothing is read, and nothing copied before it changes. */
export function momentOf(
  { weights }: Pick<Model, 'weights'>,
  optimizer: Optimizer,
  at: Pick<Moment, 'update' | 'position'>,
): Moment | undefined {
  const moments = optimizer.snapshot?.();
  if (!moments) return undefined;
  const kept = [...walkWeights(weights)].map(
    ([, weight]) => [weight, keep(clone(weight))] as const,
  );
  return {
    ...at,
    restore() {
      moments.restore();
      for (const [weight, before] of kept) tidy(() => weight.assign(clone(before)));
    },
    dispose() {
      moments.dispose();
      dispose(kept.map(([, before]) => before));
    },
  };
}

export interface Differentiated {
  readonly loss: number;
  readonly gradients: NamedTensorMap;
}

export interface Again<B extends Batch> {
  readonly weights: Weights;
  readonly optimizer: Optimizer;
  readonly moment: Moment;
  /** From the moment on. */
  readonly batches: AsyncIterable<B>;
  differentiated(batch: B): Promise<Differentiated>;
  /** The update that is known to have ended badly. */
  readonly last: number;
}

/**
 * Goes through updates again, and looks at every number: which one was first to be none, and how large all were before.
 * Nothing comes of it where the same updates do not end the same way.
 */
export async function findDivergence<B extends Batch>(
  again: Again<B>,
): Promise<Divergence | undefined> {
  const { weights, optimizer, moment, batches, last } = again;
  moment.restore();
  let { update } = moment;
  let before: Norms | undefined;
  for await (const batch of batches) {
    update++;
    const found = await again
      .differentiated(batch)
      .finally(() => dispose([batch.inputs, batch.targets]));
    try {
      const norms = await normsOf(Object.fromEntries(walkWeights(weights)));
      const gradients = await normsOf(found.gradients);
      const fault = faultOf(found.loss, norms, gradients);
      if (fault) return { update, ...fault, ...(before && { before }) };
      const all = Math.hypot(...Object.values(gradients));
      before = { update, loss: found.loss, gradients: all, weights: norms };
      optimizer.apply(found.gradients);
    } finally {
      dispose(found.gradients);
    }
    if (update > last) break;
  }
  return undefined;
}

type ByPath = Readonly<Record<string, number>>;

/** What is not finite: a weight before the loss that comes of it, and that before its gradients. */
function faultOf(
  loss: number,
  weights: ByPath,
  gradients: ByPath,
): Pick<Divergence, 'what' | 'path'> | undefined {
  const first = (norms: ByPath): string | undefined =>
    Object.keys(norms).find((path) => !Number.isFinite(norms[path]));
  const [weight, gradient] = [first(weights), first(gradients)];
  if (weight !== undefined) return { what: 'weight', path: weight };
  if (!Number.isFinite(loss)) return { what: 'loss' };
  return gradient === undefined ? undefined : { what: 'gradient', path: gradient };
}

/** In double precision: squares of numbers that float32 holds do not overflow it. */
async function normsOf(tensors: Readonly<Record<string, Tensor>>): Promise<ByPath> {
  const norms: Record<string, number> = {};
  for (const [path, tensor] of Object.entries(tensors)) {
    const values = await tensor.data<'float32'>();
    norms[path] = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  }
  return norms;
}
