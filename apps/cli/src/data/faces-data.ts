import { syntheticFaces } from '@fastweights/datasets';
import { imageFacts } from './image-facts.ts';
import type { LoadedData } from './loaded-data.ts';

/** Each is rendered, which takes milliseconds. */
const SAMPLE = 500;

export async function facesData({ seed }: { readonly seed: number }): Promise<LoadedData> {
  const { training, validation, test } = syntheticFaces({ seed });
  const { facts, images } = await imageFacts(
    { training, validation, test },
    { seed, sample: SAMPLE },
  );
  const people = {
    training: training.recipe.identities.length,
    validation: validation.recipe.identities.length,
    test: test.recipe.identities.length,
  };
  return {
    facts: {
      data: 'faces',
      title: 'Synthetic faces',
      what: 'rendered by a program. They are no photographs and not Multi-PIE, in whose place they stand; accuracies on them are not accuracies on Multi-PIE.',
      seed,
      ...facts,
      synthetic: true,
      people,
    },
    notes: [
      `${people.training} people to train on, ${people.validation} to validate and ${people.test} to test; nobody is in two splits. Drawn with seed ${seed}.`,
    ],
    images,
  };
}
