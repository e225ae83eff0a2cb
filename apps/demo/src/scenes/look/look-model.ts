import type { FastWeightsCellWeights } from '@fastweights/cells';
import { applyDense, type DenseLayer, type Model } from '@fastweights/core';
import { type Glimpses, glimpses } from '@fastweights/datasets';
import {
  type ExperimentConfig,
  importModel,
  parseConfig,
  restoreExperiment,
} from '@fastweights/experiments';
import {
  matMul,
  type Rank,
  reshape,
  slice,
  softmax,
  type Tensor,
  type Tensor2D,
  tensor3d,
  tidy,
} from '@tensorflow/tfjs-core';
import { rowsOf } from '../../recall/rows-of.ts';

/** What happens at the second look at a quarter, where the memory is read. */
export interface Look {
  /** Of the classes, if this were the answer. */
  readonly probabilities: readonly number[];
  /** The same weights, with nothing written. */
  readonly without: readonly number[];
  /** η λ^(writes between) ⟨h(τ), h₀⟩ for each quarter's glance. */
  readonly attention: readonly number[];
  /** Lengths of W_int h_fine, C x, A h₀, and h. */
  readonly integrated: number;
  readonly driven: number;
  readonly recalled: number;
  readonly state: number;
}

export interface LookModel {
  readonly config: ExperimentConfig;
  readonly scheme: Glimpses;
  /** Patches of glimpses, `steps · patch²`, as the network is to see them: one look for each quarter. */
  look(patches: Float32Array): Promise<readonly Look[]>;
}

interface Parts {
  readonly cell: FastWeightsCellWeights;
  readonly hidden: DenseLayer;
  readonly output: DenseLayer;
}

const QUARTERS = 4;
const STEPS = 6;
const stored = (quarter: number): number => STEPS * quarter;
const read = (quarter: number): number => STEPS * quarter + STEPS - 1;
const quarters = Array.from({ length: QUARTERS }, (_, quarter) => quarter);

/** A network of 24 glimpses, from a file that `exportModel` wrote. */
export function lookModel(bytes: Uint8Array): LookModel {
  const { config, weights } = importModel(bytes);
  const whole = restoreExperiment({ config, weights });
  const forgetful = parseConfig({ ...config, model: { ...config.model, learningRate: 0 } });
  const empty = restoreExperiment({ config: forgetful, weights });
  const side = config.task === 'mnist' ? 28 : 48;
  const scheme = glimpses({ side, levels: 2 });
  const { steps, patch } = scheme;

  async function look(patches: Float32Array): Promise<Look[]> {
    const found = tidy(() => {
      const inputs = tensor3d(patches, [1, steps, patch ** 2]);
      const { cell } = partsOf(whole.model);
      const { outputs, attention } = traceOf(whole.model, inputs);
      const h = reshape<Rank.R2>(outputs, [steps, cell.recurrentKernel.shape[0]]);
      const weightsOfReads = reshape<Rank.R2>(attention, [steps, steps]);
      const emptied = reshape<Rank.R2>(traceOf(empty.model, inputs).outputs, h.shape);
      return {
        probabilities: answersOf(whole.model, h),
        without: answersOf(empty.model, emptied),
        integrated: matMul(h, cell.integrationKernel ?? cell.recurrentKernel),
        driven: matMul(reshape<Rank.R2>(inputs, [steps, patch ** 2]), cell.kernel),
        recalled: matMul(weightsOfReads, h),
        attention: weightsOfReads,
        states: slice(h, [0, 0], h.shape),
      };
    });
    const rows = async (tensor: Tensor): Promise<number[][]> => rowsOf(tensor, steps);
    const [integrated, driven, recalled] = [
      await rows(found.integrated),
      await rows(found.driven),
      await rows(found.recalled),
    ];
    const [states, attention] = [await rows(found.states), await rows(found.attention)];
    const [probabilities, without] = [await rows(found.probabilities), await rows(found.without)];
    return quarters.map((quarter) => {
      const t = read(quarter);
      return {
        probabilities: probabilities[t] ?? [],
        without: without[t] ?? [],
        attention: quarters.map((other) => attention[t]?.[stored(other)] ?? 0),
        integrated: length(integrated[t - 1]),
        driven: length(driven[t]),
        recalled: length(recalled[t]),
        state: length(states[t]),
      };
    });
  }

  return { config, scheme, look };
}

const partsOf = ({ weights }: Model<never>): Parts => weights as unknown as Parts;

function traceOf(
  model: ReturnType<typeof restoreExperiment>['model'],
  inputs: Tensor,
): { outputs: Tensor; attention: Tensor } {
  if (!model.trace) throw new Error('This network has no fast weights.');
  return model.trace(inputs);
}

/** What would be answered in each of the states. */
function answersOf(model: Model<never>, states: Tensor2D): Tensor2D {
  const { hidden, output } = partsOf(model);
  return softmax(applyDense(applyDense(states, hidden, 'relu'), output));
}

const length = (vector: readonly number[] = []): number => Math.hypot(...vector);
