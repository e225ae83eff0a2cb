import { type BackendName, useBackend } from '@fastweights/backends';
import { confusionOf } from '../evaluation/confusion.ts';
import { evaluationPage } from '../evaluation/evaluation-page.ts';
import { exitCodes } from '../exit-codes.ts';
import { printableJson } from '../printable.ts';
import { checkFinished, readStoredModel, restoreStoredModel } from '../stored-model.ts';
import { roomOf } from '../terminal/frame.ts';
import { printLines } from '../terminal/print-lines.ts';

export interface EvaluateOptions {
  readonly data: 'test' | 'validation';
  readonly checkpoint?: boolean;
  readonly backend?: BackendName;
  readonly json?: boolean;
}

/** Tests the best weights of a run, or of an exported file. */
export async function evaluateCommand(place: string, options: EvaluateOptions): Promise<number> {
  const { data, checkpoint = false, json = false, backend: prefer } = options;
  const stored = await readStoredModel(place);
  if (!checkpoint) checkFinished(stored, 'evaluate');
  const { name: backend } = await useBackend(prefer === undefined ? {} : { prefer });
  const experiment = restoreStoredModel(stored);
  const confusion = await confusionOf(experiment.model, await experiment.data[data]());
  const classes = await experiment.data.classes();
  experiment.dispose();
  const { config } = stored;
  if (json) {
    const { examples, right, loss, counts } = confusion;
    const error = (examples - right) / examples;
    const facts = { run: place, task: config.task, model: config.model.kind, data, backend };
    console.log(printableJson({ ...facts, examples, error, loss, classes, confusion: counts }));
    return exitCodes.done;
  }
  const columns = process.stdout.isTTY ? roomOf(process.stdout).columns : 100;
  printLines(evaluationPage({ ...confusion, place, config, data, classes }, columns));
  return exitCodes.done;
}
