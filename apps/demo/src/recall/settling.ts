import type { FastWeightsState } from '@fastweights/cells';
import { unroll } from '@fastweights/core';
import { retrievalAlphabet } from '@fastweights/datasets';
import {
  matMul,
  type Rank,
  reshape,
  slice,
  softmax,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tensor2d,
  tidy,
  zeros,
} from '@tensorflow/tfjs-core';
import type { CellSettings, RecallModel } from './recall-model.ts';
import { rowsOf } from './rows-of.ts';

/** The largest S that is looked at; one more read shows what h_S itself attends to, and where it would go. */
const MOST_READS = 5;
const READS = MOST_READS + 1;

export interface SettlingRequest {
  readonly text: string;
  /** The moment, from 1. */
  readonly step: number;
  readonly decayRate: number;
  readonly learningRate: number;
}

/** How the state moves at one moment, read by read. */
export interface Loop {
  /** h₀ … h₆: `[7][R]` */
  readonly hidden: readonly (readonly number[])[];
  /** λ^(writes between) ⟨h(τ), h_s⟩ for s = 0 … 5: `[6][step − 1]` */
  readonly weights: readonly (readonly number[])[];
  /** Of the ten digits, if h_s were the answer: `[7][10]` */
  readonly probabilities: readonly (readonly number[])[];
}

export interface Settling extends SettlingRequest {
  /** h(τ) of the steps before: `[step − 1][R]` */
  readonly past: readonly (readonly number[])[];
  readonly normalised: Loop;
  /** The same moment without layer norm. */
  readonly plain: Loop;
  /** W h(t − 1) and C x(t): `[R]` each */
  readonly recurrent: readonly number[];
  readonly driven: readonly number[];
}

/**
 * The moment after `step` characters, with a memory that was written as the network was trained, but for λ and η: so that
 * reads and layer norm change the loop of this moment alone.
 */
export async function settleAt(model: RecallModel, request: SettlingRequest): Promise<Settling> {
  const { text, step, decayRate, learningRate } = request;
  const settings = { decayRate, learningRate };
  const ids = [...text.slice(0, step)].map((c) => retrievalAlphabet.indexOf(c));
  const cells = {
    writing: model.variant(settings),
    normalised: model.variant({ ...settings, innerSteps: READS }),
    plain: model.variant({ ...settings, innerSteps: READS, layerNorm: false }),
  };
  try {
    const found = tidy(() => {
      const inputs = model.network.cellInputs(tensor2d([ids], [1, step], 'int32'));
      const [, , width] = inputs.shape;
      const before = slice(inputs, [0, 0, 0], [1, step - 1, width]) as Tensor3D;
      const now = slice(inputs, [0, step - 1, 0], [1, 1, width]) as Tensor3D;
      const start = cells.writing.initialState(1);
      const [outputs, state] =
        step > 1
          ? unroll(cells.writing, before, start)
          : [zeros<Rank.R3>([1, 0, model.facts.units]), start];
      return {
        past: outputs,
        recurrent: matMul(state.h, model.cell.weights.recurrentKernel),
        driven: model.cell.drive(reshape(now, [1, width])),
        normalised: loopFrom(model, cells.normalised, now, state),
        plain: loopFrom(model, cells.plain, now, state),
      };
    });
    const [recurrent = [], driven = []] = [
      (await rowsOf(found.recurrent, 1))[0],
      (await rowsOf(found.driven, 1))[0],
    ];
    return {
      ...request,
      past: await rowsOf(found.past, step - 1),
      ...{ recurrent, driven },
      normalised: await plainLoop(found.normalised, settings, step - 1),
      plain: await plainLoop(found.plain, settings, step - 1),
    };
  } finally {
    for (const cell of Object.values(cells)) cell.dispose();
  }
}

type LoopTensors = { hidden: Tensor; attention: Tensor; probabilities: Tensor };

function loopFrom(
  model: RecallModel,
  cell: RecallModel['cell'],
  input: Tensor3D,
  state: FastWeightsState,
): LoopTensors {
  const { hidden, attention } = cell.trace(input, { state });
  const states: Tensor2D = reshape(hidden, [READS + 1, cell.units]);
  return { hidden: states, attention, probabilities: softmax(model.scores(states)) };
}

async function plainLoop(
  { hidden, attention, probabilities }: LoopTensors,
  { learningRate }: CellSettings,
  writes: number,
): Promise<Loop> {
  const scores = await rowsOf(attention, READS);
  return {
    hidden: await rowsOf(hidden, READS + 1),
    weights: scores.map((row) =>
      row.slice(0, writes).map((weight) => (learningRate > 0 ? weight / learningRate : 0)),
    ),
    probabilities: await rowsOf(probabilities, READS + 1),
  };
}
