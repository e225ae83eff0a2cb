import { FastWeightsError } from '@fastweights/core';

/**
 * Why a cache cannot be used: `foreign` files that are none of ours, images made with `other-options`, a `corrupt` file,
 * a folder that is `busy` in another process, or one that the system does not let us use (`system`).
 */
export type ImageCacheProblem = 'foreign' | 'other-options' | 'corrupt' | 'busy' | 'system';

export class ImageCacheError extends FastWeightsError {
  readonly folder: string;
  readonly problem: ImageCacheProblem;

  constructor(folder: string, problem: ImageCacheProblem, message: string, options?: ErrorOptions) {
    super('image-cache', message, options);
    this.folder = folder;
    this.problem = problem;
  }
}

/** Says of a fault of the system which cache it concerns; other errors stay what they are. */
export async function guarded<Value>(folder: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException;
    if (typeof code !== 'string' || syscall === undefined) throw error;
    const cure = 'Name a folder that can be written and has room; what is done already is kept.';
    const sentence = `The image cache ${folder} cannot be used: ${message}. ${cure}`;
    throw new ImageCacheError(folder, 'system', sentence, { cause: error });
  }
}
