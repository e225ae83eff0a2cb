import {
  checkInteger,
  checkKeys,
  type Dataset,
  integer,
  OptionError,
  type Random,
  random,
  splitSeed,
} from '@fastweights/core';
import { type RetrievalBatch, retrievalDataset } from './retrieval-dataset.ts';
import { retrievalAlphabet, retrievalLength } from './retrieval-text.ts';

export interface AssociativeRetrievalOptions {
  /** K: pairs in a string, 1 to 26. Default 4. */
  readonly pairs?: number;
  /** Strings in each split. Default: the paper's 100,000, 10,000 and 20,000. */
  readonly sizes?: Partial<RetrievalSizes>;
  /** Default 0. */
  readonly seed?: number;
}

export type RetrievalSizes = {
  readonly training: number;
  readonly validation: number;
  readonly test: number;
};

export type AssociativeRetrieval = {
  readonly [Split in keyof RetrievalSizes]: Dataset<RetrievalBatch>;
};

const PAPER_SIZES: RetrievalSizes = { training: 100_000, validation: 10_000, test: 20_000 };
/** Of one split; what every platform can keep as one array. */
const MOST_CHARACTERS = 2 ** 31 - 1;
const LETTERS = 26;
const DIGITS = 10;
const QUESTION_ID = retrievalAlphabet.indexOf('?');

/**
 * Associative retrieval (Ba et al. 2016, section 4.1): K letter–digit pairs, letters drawn without replacement, digits
 * with; then `??` and one of the letters. The target is that letter's digit.
 *
 * The splits come from three streams of one generator that are 2⁶⁴ numbers apart.
 */
export function associativeRetrieval(
  options: AssociativeRetrievalOptions = {},
): AssociativeRetrieval {
  checkKeys('associativeRetrieval', options, ['pairs', 'sizes', 'seed']);
  const { pairs = 4, seed = 0 } = options;
  checkInteger('pairs', pairs, 1);
  if (pairs > LETTERS) throw new OptionError('pairs', `at most ${LETTERS}`, `${pairs}`);
  checkKeys('associativeRetrieval.sizes', options.sizes ?? {}, Object.keys(PAPER_SIZES));
  const sizes = { ...PAPER_SIZES, ...options.sizes };
  const most = Math.floor(MOST_CHARACTERS / retrievalLength(pairs));
  for (const [split, size] of Object.entries(sizes)) {
    checkInteger(`sizes.${split}`, size, 1);
    if (size > most) throw new OptionError(`sizes.${split}`, `at most ${most}`, `${size}`);
  }

  const stream = random(splitSeed(seed, 'strings'));
  const split = (name: keyof RetrievalSizes): Dataset<RetrievalBatch> => {
    const own = stream.clone();
    stream.jump();
    const strings = generate(own, pairs, sizes[name]);
    return retrievalDataset(strings, splitSeed(seed, `order of ${name}`));
  };
  return { training: split('training'), validation: split('validation'), test: split('test') };
}

function generate(stream: Random, pairs: number, size: number) {
  const length = retrievalLength(pairs);
  const ids = new Uint8Array(size * length);
  const answers = new Uint8Array(size);
  const letters = Uint8Array.from({ length: LETTERS }, (_, i) => i);
  for (let i = 0; i < size; i++) {
    const text = ids.subarray(i * length, (i + 1) * length);
    for (let pair = 0; pair < pairs; pair++) {
      text[2 * pair] = drawLetter(stream, letters, pair);
      text[2 * pair + 1] = LETTERS + integer(stream, DIGITS);
    }
    text.fill(QUESTION_ID, 2 * pairs, 2 * pairs + 2);
    const asked = 2 * integer(stream, pairs);
    text[length - 1] = text[asked] as number;
    answers[i] = (text[asked + 1] as number) - LETTERS;
  }
  return { ids, answers, length };
}

/** One step of Fisher–Yates: a letter that is none of the `drawn` first, moved behind them. */
function drawLetter(stream: Random, letters: Uint8Array, drawn: number): number {
  const chosen = drawn + integer(stream, LETTERS - drawn);
  const letter = letters[chosen] as number;
  letters[chosen] = letters[drawn] as number;
  letters[drawn] = letter;
  return letter;
}
