import { z } from 'zod';
import { type Fields, group, name, setting, share, whole } from './setting.ts';

export interface FastWeightsModel {
  readonly kind: 'fast-weights';
  readonly units: number;
  readonly decayRate: number;
  readonly learningRate: number;
  readonly innerSteps: number;
  readonly layerNorm: readonly LayerNormPlace[];
  readonly settling: 'sustained' | 'free';
  readonly innerWeights: 'fast' | 'slow' | 'recurrent';
}

/** With the pieces of Figure 3, each of which can be taken away. */
export interface GlimpseFastWeightsModel extends FastWeightsModel {
  readonly wipe: boolean;
  readonly store: 'coarse' | 'every';
  readonly integration: boolean;
  readonly secondLook: boolean;
}

export interface RectifiedModel {
  readonly kind: 'irnn' | 'ln-rnn';
  readonly units: number;
  readonly recurrentScale: number;
}

export interface LstmModel {
  readonly kind: 'lstm';
  readonly units: number;
  readonly forgetBias: number;
}

export interface AssociativeLstmModel {
  readonly kind: 'a-lstm';
  readonly units: number;
  readonly forgetBias: number;
  readonly heads: number;
  readonly copies: number;
}

export interface ConvNetModel {
  readonly kind: 'conv-net';
  readonly units: number;
  readonly layers: number;
  /** 0 stands for half of a receptive field. */
  readonly stride: number;
}

export interface PatchNetModel {
  readonly kind: 'patch-net';
  readonly units: number;
  readonly join: 'concat' | 'sum';
}

export type PlainRecurrentModel = RectifiedModel | LstmModel | AssociativeLstmModel;

/** What a character is answered by. */
export type RetrievalModelConfig = (FastWeightsModel | PlainRecurrentModel) & Embedding;

export interface Embedding {
  readonly embeddingScale: number;
}

/** What looks at an image, in glimpses or as a whole. */
export type GlimpseModelConfig =
  | GlimpseFastWeightsModel
  | PlainRecurrentModel
  | ConvNetModel
  | PatchNetModel;

/** A cell of an agent: it sees what `hidden` ReLU units make of a screen. */
export type AgentModelConfig = (FastWeightsModel | LstmModel | AgentRectifiedModel) & HiddenLayer;

/** `rnn` is the paper's ReLU RNN. */
export interface AgentRectifiedModel {
  readonly kind: 'rnn' | 'ln-rnn';
  readonly units: number;
  readonly recurrentScale: number;
}

interface HiddenLayer {
  readonly hidden: number;
}

type LayerNormPlace = (typeof layerNormPlaces)[number];

const layerNormPlaces = ['inner', 'preliminary', 'plain'] as const;
const MOST_UNITS = 4096;
const MOST_STEPS = 100;

export interface ModelDefaults {
  readonly units: number;
  readonly decayRate: number;
  /** η; default 0.5, as in the paper. */
  readonly learningRate?: number;
}

type Schemas<Kind extends string> = Readonly<Record<Kind, z.ZodType>>;

export function retrievalModels(defaults: ModelDefaults): Schemas<RetrievalModelConfig['kind']> {
  const embedding = {
    embeddingScale: setting(
      z.number().positive(),
      0.3,
      'Standard deviation of the embedding of characters before training.',
    ),
  };
  return {
    'fast-weights': model('fast-weights', defaults, { ...fastWeights(defaults), ...embedding }),
    ...plainModels(defaults, embedding),
  };
}

export function glimpseModels(
  defaults: ModelDefaults & { readonly layers: number },
): Schemas<GlimpseModelConfig['kind']> {
  const pieces = { ...fastWeights(defaults), ...glimpsePieces() };
  return {
    'fast-weights': model('fast-weights', defaults, pieces),
    ...plainModels(defaults),
    'conv-net': model('conv-net', defaults, {
      layers: setting(whole(1, 8), defaults.layers, 'Convolutions.'),
      stride: setting(
        whole(0),
        0,
        'Pixels between two receptive fields of the first layer; 0: half of one.',
      ),
    }),
    'patch-net': model('patch-net', defaults, {
      join: setting(
        z.enum(['concat', 'sum']),
        'concat',
        "How the patches' features meet: side by side, or as their sum.",
      ),
    }),
  };
}

export function agentModels(defaults: ModelDefaults): Schemas<AgentModelConfig['kind']> {
  const hidden = setting(
    whole(1, MOST_UNITS),
    128,
    'ReLU units between the screen and the recurrent layer; 128 in the paper.',
  );
  const agent = (kind: string, fields: Fields) => model(kind, defaults, { hidden, ...fields });
  return {
    'fast-weights': agent('fast-weights', fastWeights(defaults)),
    lstm: agent('lstm', gated()),
    rnn: agent('rnn', rectified(0.5)),
    'ln-rnn': agent('ln-rnn', rectified(0.05)),
  };
}

function plainModels(
  defaults: ModelDefaults,
  more: Fields = {},
): Schemas<PlainRecurrentModel['kind']> {
  return {
    irnn: model('irnn', defaults, { ...rectified(0.5), ...more }),
    lstm: model('lstm', defaults, { ...gated(), ...more }),
    'a-lstm': model('a-lstm', defaults, {
      ...gated(),
      ...more,
      heads: setting(whole(1, 16), 3, 'Heads that read and write; 3 in the paper.'),
      copies: setting(whole(1, 64), 4, 'Redundant copies of the memory; 4 in the paper.'),
    }),
    'ln-rnn': model('ln-rnn', defaults, { ...rectified(0.05), ...more }),
  };
}

function model(kind: string, { units }: ModelDefaults, fields: Fields): z.ZodType {
  const size = whole(1, MOST_UNITS);
  return group({
    kind: name(kind, 'Which model.'),
    units: setting(size, units, 'Units of the recurrent layer, or features of one without.'),
    ...fields,
  });
}

function fastWeights({ decayRate, learningRate = 0.5 }: ModelDefaults): Fields {
  return {
    decayRate: setting(share(), decayRate, 'λ: what a write leaves of older ones.'),
    learningRate: setting(
      z.number().min(0),
      learningRate,
      'η: how strongly the memory is written.',
    ),
    innerSteps: setting(
      whole(0, MOST_STEPS),
      1,
      'S: how often a state settles under the fast weights; the paper names none.',
    ),
    layerNorm: setting(
      z.array(z.enum(layerNormPlaces)) as z.ZodType<readonly LayerNormPlace[]>,
      ['inner'],
      'Where layer norm stands: in the inner loop, on h₀, on steps that do not read.',
    ),
    settling: setting(
      z.enum(['sustained', 'free']),
      'sustained',
      'Whether the input stays while a state settles; free is the method of appendix B.',
    ),
    innerWeights: setting(
      z.enum(['fast', 'slow', 'recurrent']),
      'fast',
      'What the inner loop multiplies by; slow and recurrent are controls without a memory.',
    ),
  };
}

function glimpsePieces(): Fields {
  return {
    wipe: setting(z.boolean(), true, 'Whether h is wiped once a coarse glimpse is stored.'),
    store: setting(z.enum(['coarse', 'every']), 'coarse', 'After which glimpses A is written.'),
    integration: setting(
      z.boolean(),
      true,
      'Whether the second look has recurrent weights of its own.',
    ),
    secondLook: setting(z.boolean(), true, 'Whether each region is looked at again.'),
  };
}

function rectified(scale: number): Fields {
  const description = 'W starts from the identity times this.';
  return { recurrentScale: setting(z.number(), scale, description) };
}

function gated(): Fields {
  return { forgetBias: setting(z.number(), 1, 'What the bias of the forget gate starts from.') };
}
