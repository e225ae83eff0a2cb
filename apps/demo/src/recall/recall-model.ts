import { type FastWeightsCell, fastWeightsCell } from '@fastweights/cells';
import {
  classifierHead,
  disposeWeights,
  FastWeightsError,
  glorotUniform,
  loadWeights,
  readSafetensors,
  type StoredTensor,
  type Weights,
  writeSafetensors,
} from '@fastweights/core';
import { importModel, type RetrievalModel, retrievalModel } from '@fastweights/experiments';
import type { Tensor2D } from '@tensorflow/tfjs-core';

/** What the network was trained with. */
export interface RecallFacts {
  readonly units: number;
  readonly pairs: number;
  readonly decayRate: number;
  readonly learningRate: number;
  readonly innerSteps: number;
}

/** A trained network of scene 1 in its parts, so that each can be looked into. */
export interface RecallModel {
  readonly facts: RecallFacts;
  /** The trained cell. */
  readonly cell: FastWeightsCell;
  /** The whole network: what the cell is given, and what it answers. */
  readonly network: RetrievalModel;
  /** `[batch, units]` → scores of the ten digits. */
  scores(h: Tensor2D): Tensor2D;
  /** The same cell with other settings, for `dispose`. */
  variant(settings: CellSettings): FastWeightsCell;
  dispose(): void;
}

export interface CellSettings {
  readonly decayRate: number;
  readonly learningRate: number;
  readonly innerSteps?: number;
  readonly layerNorm?: boolean;
}

/** @throws FastWeightsError, with the reason, where the bytes are no such network */
export function recallModel(bytes: Uint8Array): RecallModel {
  const { config, weights } = importModel(bytes);
  if (config.task !== 'retrieval' || config.model.kind !== 'fast-weights') {
    const what = `The file holds a model of ${config.task}, ${config.model.kind}.`;
    throw new FastWeightsError('task', `${what} This scene needs fast weights of retrieval.`);
  }
  const { tensors } = readSafetensors(weights);
  const { units, decayRate, learningRate, innerSteps, layerNorm, settling } = config.model;
  const [embeddingSize, inputSize] = shapeOf(tensors, 'projection.kernel');
  const [, hiddenUnits] = shapeOf(tensors, 'hidden.kernel');

  function cellOf(settings: CellSettings): FastWeightsCell {
    const { layerNorm: normalised = true, ...others } = settings;
    const places = normalised ? layerNorm : [];
    const options = { inputSize, units, innerSteps, settling, memory: 'attention' } as const;
    const cell = fastWeightsCell({ ...options, ...others, layerNorm: places });
    load(cell.weights, tensors, 'cell');
    return cell;
  }

  const cell = cellOf({ decayRate, learningRate });
  const network = retrievalModel({ cell, embeddingSize, hiddenUnits });
  loadWeights(network.weights, weights);
  const head = classifierHead({
    ...{ inputs: units, hiddenUnits, classes: 10 },
    initializer: glorotUniform(),
    seed: 0,
  });
  load(head.weights, tensors);
  const { pairs } = config.data;
  return {
    facts: { units, pairs, decayRate, learningRate, innerSteps },
    cell,
    network,
    scores: head.scores,
    variant: cellOf,
    dispose: () => {
      network.dispose();
      disposeWeights(head.weights);
    },
  };
}

type Tensors = ReadonlyMap<string, StoredTensor>;

function shapeOf(tensors: Tensors, name: string): [number, number] {
  const [rows = 0, columns = 0] = tensors.get(name)?.shape ?? [];
  return [rows, columns];
}

/** Only what `weights` has, from the part of the file below `prefix`. */
function load(weights: Weights, tensors: Tensors, prefix?: string): void {
  const own = new Map<string, StoredTensor>();
  for (const [name, tensor] of tensors) {
    const inside = prefix === undefined ? name : name.replace(`${prefix}.`, '');
    if (prefix !== undefined && inside === name) continue;
    if ((inside.split('.')[0] ?? '') in weights) own.set(inside, tensor);
  }
  loadWeights(weights, writeSafetensors(own));
}
