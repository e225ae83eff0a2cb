import {
  checkInteger,
  checkKeys,
  OptionError,
  permutation,
  random,
  splitSeed,
} from '@fastweights/core';
import { type FaceSet, faceSet } from './face-set.ts';
import { takesOf } from './sessions.ts';

export interface SyntheticFacesOptions {
  /** People in all parts. Default 337, as in Multi-PIE. */
  readonly identities?: number;
  /** People that are only tested on. Default 20, as in the paper. */
  readonly testIdentities?: number;
  /** People of the training set that are kept for validation; may be 0. Default 20. */
  readonly validationIdentities?: number;
  /** Default 0. */
  readonly seed?: number;
}

export interface SyntheticFaces {
  readonly training: FaceSet;
  readonly validation: FaceSet;
  readonly test: FaceSet;
}

/**
 * Faces rendered from a parametric head, in place of CMU Multi-PIE (Ba et al. 2016, section 4.3), which cannot be given
 * away: 48 × 48 grey, six expressions, cameras at −15°, 0° and 15°, twenty lights, and as many takes of each expression as
 * Multi-PIE has. They are synthetic: accuracies on them are not accuracies on Multi-PIE.
 *
 * No person is in two parts. An image follows from the seed, its person, session, recording, camera and light, on every
 * engine to the same bit, and is rendered when it is read.
 */
export function syntheticFaces(options: SyntheticFacesOptions = {}): SyntheticFaces {
  checkKeys('syntheticFaces', options, [
    'identities',
    'testIdentities',
    'validationIdentities',
    'seed',
  ]);
  const { identities = 337, testIdentities = 20, validationIdentities = 20, seed = 0 } = options;
  checkInteger('identities', identities, 2);
  checkInteger('testIdentities', testIdentities, 1);
  checkInteger('validationIdentities', validationIdentities, 0);
  const kept = testIdentities + validationIdentities;
  if (kept >= identities) {
    const most = `more than the ${kept} of test and validation`;
    throw new OptionError('identities', most, `${identities}`);
  }
  const order = Array.from(permutation(random(splitSeed(seed, 'identities')), identities));
  const part = (people: number[]): FaceSet => {
    const ascending = people.toSorted((a, b) => a - b);
    const takes = ascending.flatMap((person) => takesOf(seed, person));
    return faceSet(seed, takes, ascending);
  };
  return {
    training: part(order.slice(kept)),
    validation: part(order.slice(testIdentities, kept)),
    test: part(order.slice(0, testIdentities)),
  };
}
