import { text as readAll } from 'node:stream/consumers';
import { useBackend } from '@fastweights/backends';
import { FastWeightsError } from '@fastweights/core';
import { encodeRetrieval, RetrievalTextError, retrievalLength } from '@fastweights/datasets';
import type { RetrievalExperiment } from '@fastweights/experiments';
import { answerLines } from '../answer-lines.ts';
import { type Answer, answerAll } from '../answers.ts';
import { RUNS } from '../defaults.ts';
import { exitCodes } from '../exit-codes.ts';
import { invocation } from '../invocation.ts';
import { printable, printableJson, printableLines } from '../printable.ts';
import { checkTask, readStoredModel, restoreStoredModel } from '../stored-model.ts';
import { painter } from '../terminal/style.ts';
import { latestRun } from '../training/run-place.ts';

export interface RecallOptions {
  /** A run directory, or a file that was exported; default the run that was trained last. */
  readonly run?: string;
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
  const stored = await readStoredModel(options.run ?? (await trainedLast()));
  checkTask(stored, 'retrieval');
  if (!stored.isFinished) {
    console.error(
      `note: ${printable(stored.place)} is not finished; its best weights so far answer.`,
    );
  }
  await useBackend();
  const { model } = restoreStoredModel(stored);

  const malformed = new Map<string, RetrievalTextError>();
  for (const text of texts) {
    const why = whatIsWrong(text);
    if (why !== undefined) malformed.set(text, why);
  }
  const wellFormed = texts.filter((text) => !malformed.has(text));
  const answers = (await answerAll(model, wellFormed)).values();
  const { pairs } = (stored.config as RetrievalExperiment).data;
  const print = options.json ? printJson : printAnswer(pairs);
  for (const text of texts) {
    const why = malformed.get(text);
    if (why === undefined) print(answers.next().value as Answer);
    else if (options.json) printJsonError(why);
    else console.error(`error: ${printableLines(why.message)}`);
  }
  return malformed.size > 0 ? exitCodes.badUsage : exitCodes.done;
}

async function trainedLast(): Promise<string> {
  const latest = await latestRun('retrieval');
  if (latest !== undefined) return latest;
  throw new FastWeightsError(
    'run',
    `There is no run of retrieval in ${RUNS} yet. Train one first:\n  ${invocation()} train retrieval`,
  );
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
    const [first = [], ...beneath] = answerLines(answer);
    const isUnusual = answer.text.length !== retrievalLength(trainedPairs);
    const pairs = (answer.text.length - retrievalLength(0)) / 2;
    const note = `  (${pairs} ${pairs === 1 ? 'pair' : 'pairs'}; it was trained on ${trainedPairs})`;
    console.log(paint(isUnusual ? [...first, ['faint', note]] : first));
    for (const line of beneath) console.log(paint(line).trimEnd());
  };
}
