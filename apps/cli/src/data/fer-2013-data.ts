import { readFer2013 } from '@fastweights/datasets/files';
import { count } from '../terminal/format.ts';
import { imageFacts } from './image-facts.ts';
import type { LoadedData } from './loaded-data.ts';

export interface Fer2013DataOptions {
  readonly file: string;
  readonly classes: 'six' | 'seven';
  readonly seed: number;
}

const SAMPLE = 10_000;

export async function fer2013Data(options: Fer2013DataOptions): Promise<LoadedData> {
  const { file, classes, seed } = options;
  const { training, validation, test, report } = await readFer2013({
    file,
    classes,
    seed,
    onBadRow: 'skip',
  });
  const { facts, images } = await imageFacts(
    { training, validation, test },
    { seed, sample: SAMPLE },
  );
  const { rows, hasUsage, isComplete, badRows } = report;
  const used = training.size + validation.size + test.size;
  const from = hasUsage
    ? 'The file says which images are for what: validation is its public test, test the private one.'
    : `The file has no column Usage: a tenth each is drawn to validate and to test, with seed ${seed}.`;
  return {
    facts: {
      data: 'fer-2013',
      title: 'FER-2013',
      what: 'photographs of faces from the web, from your own copy; the paper does not use it.',
      seed,
      ...facts,
      file,
      report,
    },
    notes: [
      from,
      ...(classes === 'six'
        ? ['Disgust is counted as anger; these are not the six of Multi-PIE.']
        : []),
      ...(isComplete
        ? []
        : ['This is not the whole of FER-2013: that has 28,709, 3,589 and 3,589.']),
    ],
    leftOut: [
      { summary: `${count(used)} of ${count(rows)} rows of ${file} are images`, kinds: badRows },
    ],
    images,
  };
}
