import { useBackend } from '@fastweights/backends';
import type { Dataset } from '@fastweights/core';
import {
  associativeRetrieval,
  decodeRetrieval,
  type RetrievalBatch,
  retrievalAlphabet,
  retrievalLength,
} from '@fastweights/datasets';
import type { Line } from '../terminal/line.ts';
import { countClasses } from './image-facts.ts';
import type { LoadedData, Split } from './loaded-data.ts';

export interface RetrievalDataOptions {
  readonly pairs: number;
  readonly seed: number;
}

interface Example {
  readonly text: string;
  readonly answer: number;
}

const BATCH = 5000;
const EXAMPLES = 5;

export async function retrievalData({ pairs, seed }: RetrievalDataOptions): Promise<LoadedData> {
  await useBackend({ prefer: 'cpu' });
  const sets = associativeRetrieval({ pairs, seed });
  const splits: Split[] = [];
  for (const [name, set] of Object.entries(sets)) {
    splits.push({ name, size: set.size, counts: countClasses(await answersOf(set), 10) });
  }
  const examples = await firstOf(sets.training);
  const length = retrievalLength(pairs);
  return {
    facts: {
      data: 'retrieval',
      title: 'Associative retrieval',
      what: 'pairs of a letter and a digit, then ?? and one of the letters; the answer is its digit. Section 4.1 of the paper.',
      seed,
      classes: [...'0123456789'],
      splits,
      pairs,
      length,
      alphabet: retrievalAlphabet,
      examples,
    },
    notes: [
      `${pairs} ${pairs === 1 ? 'pair' : 'pairs'}, ${length} characters of an alphabet of ${retrievalAlphabet.length}; letters are drawn without replacement, digits with. Generated from seed ${seed}.`,
    ],
    examples: () => examples.map(exampleLine),
  };
}

async function answersOf(set: Dataset<RetrievalBatch>): Promise<Uint8Array> {
  const answers = new Uint8Array(set.size);
  let at = 0;
  for await (const { inputs, targets } of set.inOrder(BATCH)) {
    answers.set(await targets.data(), at);
    at += targets.size;
    inputs.dispose();
    targets.dispose();
  }
  return answers;
}

async function firstOf(set: Dataset<RetrievalBatch>): Promise<Example[]> {
  for await (const { inputs, targets } of set.inOrder(EXAMPLES)) {
    const [texts, answers] = await Promise.all([inputs.array(), targets.array()]);
    inputs.dispose();
    targets.dispose();
    return texts.map((ids, i) => ({ text: decodeRetrieval(ids), answer: answers[i] as number }));
  }
  return [];
}

/** The pair that holds the answer in the colour of what was written, as `recall` shows it. */
function exampleLine({ text, answer }: Example): Line {
  const pair = text.indexOf(text.slice(-1));
  return [
    `  ${text.slice(0, pair)}`,
    ['written', text.slice(pair, pair + 2)],
    text.slice(pair + 2, -1),
    ['read', text.slice(-1)],
    ' → ',
    ['read', `${answer}`],
  ];
}
