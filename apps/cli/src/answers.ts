import { answerRetrieval, encodeRetrieval } from '@fastweights/datasets';
import type { TraceableModel } from '@fastweights/experiments';
import { slice, softmax, type Tensor, type Tensor2D, tensor2d, tidy } from '@tensorflow/tfjs-core';

export interface Answer {
  readonly text: string;
  readonly answer: number;
  /** The digit that came with the letter. */
  readonly expected: number;
  /** Of the answer; `probabilities` has that of each digit. */
  readonly probability: number;
  readonly probabilities: readonly number[];
  /**
   * The share of each character in what the network attends to as it reads the last one; all 0 if it attends to none. Only
   * fast weights have it.
   */
  readonly attention?: readonly number[];
}

type Answering = Pick<TraceableModel, 'predict' | 'trace'>;

const BATCH_SIZE = 256;

/** What the model answers; strings of one length that follow one another go through it together. */
export async function answerAll(model: Answering, texts: readonly string[]): Promise<Answer[]> {
  const answers: Answer[] = [];
  while (answers.length < texts.length) {
    const rest = texts.slice(answers.length, answers.length + BATCH_SIZE);
    const end = rest.findIndex((text) => text.length !== rest[0]?.length);
    answers.push(...(await answerBatch(model, end < 0 ? rest : rest.slice(0, end))));
  }
  return answers;
}

async function answerBatch(model: Answering, texts: readonly string[]): Promise<Answer[]> {
  const ids = texts.map((text) => [...encodeRetrieval(text)]);
  const steps = ids[0]?.length ?? 0;
  const { likely, attended } = tidy(() => {
    const inputs = tensor2d(ids, [texts.length, steps], 'int32');
    const attended = model.trace ? lastAttention(model, inputs) : undefined;
    return { likely: softmax(model.predict(inputs)), attended };
  });
  const [probabilities, attention] = await Promise.all([
    rowsOf(likely, texts.length),
    attended && rowsOf(attended, texts.length),
  ]);
  return texts.map((text, i) => {
    const row = probabilities[i] ?? [];
    const probability = Math.max(...row);
    return {
      text,
      answer: row.indexOf(probability),
      expected: answerRetrieval(text),
      probability,
      probabilities: row,
      ...(attention && { attention: sharesOf(attention[i] ?? [], steps) }),
    };
  });
}

/** What is read as the last character comes, in the last inner step. */
function lastAttention(model: Answering, inputs: Tensor2D): Tensor | undefined {
  const attention = model.trace?.(inputs).attention;
  if (!attention) return undefined;
  const [rows, steps, innerSteps] = attention.shape;
  return slice(
    attention,
    [0, steps - 1, Math.max(innerSteps - 1, 0), 0],
    [rows, 1, Math.min(innerSteps, 1), steps],
  );
}

/** The numbers of a tensor, which is then done with. */
async function rowsOf(tensor: Tensor, rows: number): Promise<number[][]> {
  const values = await tensor.data();
  tensor.dispose();
  const width = values.length / rows;
  return Array.from({ length: rows }, (_, i) => [...values.slice(i * width, (i + 1) * width)]);
}

function sharesOf(attention: readonly number[], length: number): number[] {
  const total = attention.reduce((sum, value) => sum + value, 0);
  return Array.from({ length }, (_, i) => (total > 0 ? (attention[i] ?? 0) / total : 0));
}

/** Where the pair of the letter asked for begins. */
export const ownPair = (text: string): number => text.indexOf(text.slice(-1));
