import { text as readAll } from 'node:stream/consumers';
import { useBackend } from '@fastweights/backends';
import { loadWeights, WeightsError } from '@fastweights/core';
import { encodeRetrieval, RetrievalTextError, retrievalLength } from '@fastweights/datasets';
import {
  type FastWeightsRetrievalModel,
  fastWeightsRetrievalModel,
} from '@fastweights/experiments';
import { answerLines } from '../answer-lines.ts';
import { type Answer, answerAll } from '../answers.ts';
import { exitCodes } from '../exit-codes.ts';
import { invocation } from '../invocation.ts';
import { printable, printableJson, printableLines } from '../printable.ts';
import { loadRun } from '../run-directory.ts';
import { painter } from '../terminal/style.ts';

export interface RecallOptions {
  readonly run: string;
  readonly json?: boolean;
}

/** Answers the strings that can be answered, in their order; the others are named on stderr. */
export async function recallCommand(
  strings: readonly string[],
  options: RecallOptions,
): Promise<number> {
  const texts = strings.length > 0 ? strings : await stringsFromInput();
  if (texts.length === 0) {
    console.error(
      `error: no string to recall. For example:\n  ${invocation()} recall "j0a5s5z2??a"`,
    );
    return exitCodes.badUsage;
  }
  const { config, weights } = await loadRun(options.run);
  await useBackend();
  const model = fastWeightsRetrievalModel(config);
  restoreWeights(model, weights, options.run);

  const malformed = new Map<string, RetrievalTextError>();
  for (const text of texts) {
    const why = whatIsWrong(text);
    if (why !== undefined) malformed.set(text, why);
  }
  const wellFormed = texts.filter((text) => !malformed.has(text));
  const answers = (await answerAll(model, wellFormed)).values();
  const print = options.json ? printJson : printAnswer(config.pairs);
  for (const text of texts) {
    const why = malformed.get(text);
    if (why === undefined) print(answers.next().value as Answer);
    else if (options.json) printJsonError(why);
    else console.error(`error: ${printableLines(why.message)}`);
  }
  return malformed.size > 0 ? exitCodes.badUsage : exitCodes.done;
}

function restoreWeights(model: FastWeightsRetrievalModel, bytes: Uint8Array, run: string): void {
  try {
    loadWeights(model.weights, bytes);
  } catch (cause) {
    if (!(cause instanceof WeightsError)) throw cause;
    throw new WeightsError(
      cause.path,
      `The weights in ${printable(run)} cannot be used. ${cause.message}`,
    );
  }
}

async function stringsFromInput(): Promise<string[]> {
  if (process.stdin.isTTY) return [];
  const lines = (await readAll(process.stdin)).split('\n');
  return lines.map((line) => line.trim()).filter((line) => line !== '');
}

function whatIsWrong(text: string): RetrievalTextError | undefined {
  try {
    encodeRetrieval(text);
    return undefined;
  } catch (error) {
    if (error instanceof RetrievalTextError) return error;
    throw error;
  }
}

function printJsonError({ text, position, expected, found }: RetrievalTextError): void {
  const error = `expected ${expected} at position ${position + 1}, but found ${found}`;
  console.log(printableJson({ text, error, position, expected, found }));
}

const printJson = (answer: Answer): void => console.log(JSON.stringify(answer));

function printAnswer(trainedPairs: number): (answer: Answer) => void {
  const paint = painter(process.stdout);
  return (answer) => {
    const [first, second] = answerLines(answer);
    const isUnusual = answer.text.length !== retrievalLength(trainedPairs);
    const pairs = (answer.text.length - retrievalLength(0)) / 2;
    const note = `  (${pairs} ${pairs === 1 ? 'pair' : 'pairs'}; it was trained on ${trainedPairs})`;
    console.log(paint(isUnusual ? [...first, ['faint', note]] : first));
    console.log(paint(second).trimEnd());
  };
}
