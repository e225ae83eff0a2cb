import { integer, normal, random, splitSeed } from '@fastweights/core';
import { encode, type Init, type JobSizes, type Numbers } from './protocol.ts';

/** Which recurrent layer stands between the embeddings and the head. */
export type Family = 'fast weights' | 'LSTM';

const VOCABULARY = 37;
const EMBEDDING = 50;
const CELL_INPUT = 100;
const HIDDEN = 100;
const ANSWERS = 10;

/** Enough that no batch comes twice in a row, few enough to stay in memory. */
const BATCHES = 20;

/** The same weights and batches for all contenders of a family; random ids cost what strings of the task cost. */
export function drawJob(family: Family, job: JobSizes): Omit<Init, 'do' | 'id' | 'form'> {
  const { batchSize, time } = job;
  return {
    job,
    weights: drawWeights(family, job.units),
    ids: drawIntegers('ids', [BATCHES, batchSize, time], VOCABULARY),
    targets: drawIntegers('targets', [BATCHES, batchSize], ANSWERS),
  };
}

/** No weight is zero or one throughout, so that a gradient that forgets one shows. */
function drawWeights(family: Family, units: number): Record<string, Numbers> {
  const gates = family === 'LSTM' ? 4 * units : units;
  const glorot = (inputs: number, outputs: number) => Math.sqrt(2 / (inputs + outputs));
  const matrix = (name: string, rows: number, columns: number, spread = glorot(rows, columns)) =>
    drawNormal(name, [rows, columns], () => 0, spread);
  const vector = (name: string, width: number, mean = 0) =>
    drawNormal(name, [width], () => mean, 0.1);
  const recurrent =
    family === 'LSTM'
      ? matrix('recurrent', units, gates)
      : drawNormal('recurrent', [units, units], (i) => (i % (units + 1) === 0 ? 0.05 : 0), 0.02);
  return {
    embedding: matrix('embedding', VOCABULARY, EMBEDDING, 0.3),
    'projection.kernel': matrix('projection', EMBEDDING, CELL_INPUT),
    'projection.bias': vector('projection bias', CELL_INPUT),
    'cell.kernel': matrix('cell', CELL_INPUT, gates),
    'cell.recurrentKernel': recurrent,
    ...(family === 'fast weights' && { 'cell.gain': vector('gain', units, 1) }),
    'cell.bias': vector('bias', gates),
    'hidden.kernel': matrix('hidden', units, HIDDEN),
    'hidden.bias': vector('hidden bias', HIDDEN),
    'output.kernel': matrix('output', HIDDEN, ANSWERS),
    'output.bias': vector('output bias', ANSWERS),
  };
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((size, side) => size * side, 1);

function drawNormal(
  name: string,
  shape: readonly number[],
  mean: (i: number) => number,
  spread: number,
): Numbers {
  const stream = random(splitSeed(1, name));
  const values = Float32Array.from(
    { length: sizeOf(shape) },
    (_, i) => mean(i) + spread * normal(stream),
  );
  return encode(values, shape);
}

function drawIntegers(name: string, shape: readonly number[], below: number): Numbers {
  const stream = random(splitSeed(2, name));
  const values = Int32Array.from({ length: sizeOf(shape) }, () => integer(stream, below));
  return encode(values, shape);
}
