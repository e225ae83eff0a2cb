import { type BackendName, useBackend } from '@fastweights/backends';
import { countWeights, saveWeights } from '@fastweights/core';
import { retrievalLength } from '@fastweights/datasets';
import {
  type FastWeightsRetrievalModel,
  fastWeightsRetrievalModel,
  type RetrievalConfig,
  type RetrievalResult,
  retrievalConfig,
  trainRetrieval,
} from '@fastweights/experiments';
import { type Progress, TrainingLostError } from '@fastweights/trainers';
import { answerAll } from '../answers.ts';
import { exitCodes } from '../exit-codes.ts';
import { listenForSignals } from '../interruption.ts';
import type { SavedResult } from '../run-directory.ts';
import { keepRun } from '../run-keeping.ts';
import { prepareRunDirectory } from '../run-preparation.ts';
import { roomOf } from '../terminal/frame.ts';
import { painter } from '../terminal/style.ts';
import { afterLoss } from '../training/after-loss.ts';
import {
  canDraw,
  liveDisplay,
  plainDisplay,
  type TrainingDisplay,
} from '../training/training-display.ts';
import { EXAMPLES, LONGER_EXAMPLE, reachedTarget, summary } from '../training/training-summary.ts';

export interface TrainRetrievalOptions {
  readonly units: number;
  readonly seed: number;
  readonly updates: number;
  /** In percent. */
  readonly target: number;
  readonly backend?: BackendName;
  readonly out: string;
  readonly plain?: boolean;
  readonly software?: boolean;
}

/** Not worth a word where nobody asked: `doctor` has them all. */
const usualRefusals = ['not-installed', 'no-adapter', 'software-adapter'];

const NOTICE = 'Ctrl-C stops early and keeps the best weights so far.';
const TESTING = 'Testing on 20,000 strings it has never seen …';
const FINISHING =
  'Training is over; testing and saving … (Ctrl-C again quits at once, and saves nothing)';
const STOPPING = 'Stopping after this update … (Ctrl-C again quits at once, and saves nothing)';

/** Trains, shows it, saves the run, and says what to try next; answers the exit code. */
export async function trainRetrievalCommand(options: TrainRetrievalOptions): Promise<number> {
  const { out } = options;
  const { holdsRun } = await prepareRunDirectory(out);
  const choice = await useBackend({
    ...(options.backend && { prefer: options.backend }),
    ...(options.software && { software: true }),
    job: {
      batchSize: retrievalConfig.batchSize,
      time: retrievalLength(retrievalConfig.pairs),
      units: options.units,
    },
  });
  for (const { code, message } of choice.refused) {
    if (!usualRefusals.includes(code)) console.error(`note: not on ${message}`);
  }
  const config: RetrievalConfig = {
    ...retrievalConfig,
    units: options.units,
    seed: options.seed,
    maxUpdates: options.updates,
    targetError: options.target / 100,
  };
  const fresh = fastWeightsRetrievalModel(config);
  const interruption = listenForSignals();
  const display = await openDisplay(fresh, config, choice.name, options.plain === true);
  const startedAt = performance.now();
  const signal = AbortSignal.any([interruption.signal, choice.lost]);
  const { model, result } = await train(fresh, config, display, signal).then(
    (trained) => ({ model: fresh, result: { ...trained, backend: choice.name } as SavedResult }),
    (error: unknown) => {
      if (!(error instanceof TrainingLostError)) throw error;
      console.error(`error: ${error.message}`);
      return afterLoss(error, config, (performance.now() - startedAt) / 1000);
    },
  );

  const isBeside = result.stopped === 'signal' && holdsRun;
  const run = { config, weights: await saveWeights(model.weights) };
  const savedIn = await keepRun(out, isBeside, run, result);
  interruption.dispose();

  const answers = await answerAll(model, [...EXAMPLES, LONGER_EXAMPLE]);
  const paint = painter(process.stdout);
  const columns = process.stdout.isTTY ? roomOf(process.stdout).columns : Infinity;
  for (const line of summary(
    { result, config, answers, savedIn, out, backend: options.backend },
    columns,
  )) {
    console.log(paint(line).trimEnd());
  }
  if (result.stopped === 'signal') return interruption.exitCode() ?? exitCodes.failure;
  return reachedTarget(result, config) ? exitCodes.done : exitCodes.targetMissed;
}

async function openDisplay(
  model: FastWeightsRetrievalModel,
  config: RetrievalConfig,
  backend: string,
  isPlain: boolean,
): Promise<TrainingDisplay> {
  const weightCount = countWeights(model.weights);
  const start = {
    config,
    backend,
    weightCount,
    update: 0,
    seconds: 0,
    errors: [],
    answers: [],
    notice: NOTICE,
  };
  return canDraw(process.stdout) && !isPlain
    ? liveDisplay(start, () => answerAll(model, EXAMPLES))
    : plainDisplay(start);
}

async function train(
  model: FastWeightsRetrievalModel,
  config: RetrievalConfig,
  display: TrainingDisplay,
  signal: AbortSignal,
): Promise<RetrievalResult & { seconds: number }> {
  const startedAt = performance.now();
  let seconds = 0;
  let isTesting = false;
  signal.addEventListener('abort', () => display.notice(isTesting ? FINISHING : STOPPING));
  const onProgress = async (progress: Progress): Promise<void> => {
    seconds = (performance.now() - startedAt) / 1000;
    await display.progress(progress, seconds);
    if (!isLast(progress, config, signal.aborted)) return;
    isTesting = true;
    display.notice(TESTING);
  };
  try {
    const result = await trainRetrieval(config, model, { onProgress, signal });
    return { ...result, seconds };
  } finally {
    display.close();
  }
}

/** Whether training ends with this validation; the test, which takes a moment, comes next. */
function isLast(
  { update, validationError = 1 }: Progress,
  { maxUpdates, targetError }: RetrievalConfig,
  isStopped: boolean,
): boolean {
  return update === maxUpdates || validationError < targetError || isStopped;
}
