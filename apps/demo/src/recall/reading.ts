import { attentionMemory, type FastMemory, matrixMemory } from '@fastweights/core';
import { retrievalAlphabet } from '@fastweights/datasets';
import {
  reshape,
  slice,
  softmax,
  stack,
  type Tensor,
  type Tensor2D,
  type TensorContainerObject,
  tensor2d,
  tidy,
  zeros,
} from '@tensorflow/tfjs-core';
import type { RecallFacts, RecallModel } from './recall-model.ts';
import { rowsOf } from './rows-of.ts';

/** All that happens in the network as it reads a string, in plain numbers; T steps of R units. */
export interface Reading {
  readonly text: string;
  readonly facts: RecallFacts;
  /** h(t): `[T][R]` */
  readonly hidden: readonly (readonly number[])[];
  /** h₀(t), the query of the first read: `[T][R]` */
  readonly queries: readonly (readonly number[])[];
  /** λ^(writes between) ⟨h(τ), h₀⟩ at each step for each step before it: `[T][t − 1]` */
  readonly weights: readonly (readonly number[])[];
  /** A(t), after the write of step t, row by row: `[T][R · R]` */
  readonly matrices: readonly (readonly number[])[];
  /** What the first read of each step brought, from either form of the memory: `[T][R]` */
  readonly matrixReads: readonly (readonly number[])[];
  readonly attentionReads: readonly (readonly number[])[];
  /** Of the ten digits, after the last step. */
  readonly probabilities: readonly number[];
}

/** Reads a string of any characters of the alphabet. */
export async function readText(model: RecallModel, text: string): Promise<Reading> {
  const ids = [...text].map((character) => retrievalAlphabet.indexOf(character));
  const found = tidy(() => {
    const input = tensor2d([ids], [1, ids.length], 'int32');
    const { outputs, hidden, attention } = model.cell.trace(model.network.cellInputs(input));
    const steps = ids.length;
    const h = unstackRows(outputs, steps);
    const first = slice(hidden, [0, 0, 0, 0], [1, steps, 1, model.facts.units]);
    const queries = unstackRows(first, steps);
    const { innerSteps } = model.facts;
    const matrix = replay(matrixMemory(model.facts), h, queries);
    const attended = replay(attentionMemory(model.facts), h, queries);
    return {
      hidden: stack(h),
      queries: stack(queries),
      scores: slice(attention, [0, 0, 0, 0], [1, steps, Math.min(innerSteps, 1), steps]),
      matrices: stack(matrix.matrices),
      matrixReads: stack(matrix.reads),
      attentionReads: stack(attended.reads),
      probabilities: softmax(model.network.predict(input)),
    };
  });
  const { hidden, queries, scores, matrices, matrixReads, attentionReads } = found;
  const rows = (tensor: Tensor, count = ids.length): Promise<number[][]> => rowsOf(tensor, count);
  const [likely] = await rows(found.probabilities, 1);
  const attention = await rows(scores);
  const { learningRate } = model.facts;
  return {
    text,
    facts: model.facts,
    hidden: await rows(hidden),
    queries: await rows(queries),
    weights: attention.map((row, t) => row.slice(0, t).map((weight) => weight / learningRate)),
    matrices: await rows(matrices),
    matrixReads: await rows(matrixReads),
    attentionReads: await rows(attentionReads),
    probabilities: likely ?? [],
  };
}

/** One `[1, units]` for each step. */
function unstackRows(tensor: Tensor, steps: number): Tensor2D[] {
  const units = tensor.shape.at(-1) ?? 0;
  const flat = reshape(tensor, [steps, units]);
  return Array.from({ length: steps }, (_, t) => slice(flat, [t, 0], [1, units]) as Tensor2D);
}

/** Reads with each query, then writes each state, in one form of the memory. */
function replay<State extends TensorContainerObject>(
  memory: FastMemory<State>,
  states: readonly Tensor2D[],
  queries: readonly Tensor2D[],
): { reads: Tensor[]; matrices: Tensor[] } {
  let state = memory.empty(1);
  const reads: Tensor[] = [];
  const matrices: Tensor[] = [];
  states.forEach((h, t) => {
    const query = queries[t] as Tensor2D;
    reads.push(memory.read(state, query) ?? zeros(query.shape));
    state = memory.write(state, h);
    matrices.push(memory.matrix(state));
  });
  return { reads, matrices };
}
