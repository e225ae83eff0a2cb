import { type AgentConfig, type AgentTaskName, configHash } from '@fastweights/experiments';
import { type RunRecord, readRun } from '@fastweights/trainers/runs';
import { agentSummary, stoppedAgentSummary } from '../agent-training/agent-summary.ts';
import { watchAgent } from '../agent-training/agent-watch.ts';
import {
  type TrainAgentOptions,
  trainedAgentConfig,
  workersOf,
} from '../agent-training/train-agent-options.ts';
import { exitCodes } from '../exit-codes.ts';
import { type Interruption, listenForSignals } from '../interruption.ts';
import { soundAgentMetrics } from '../run-records/sound-metrics.ts';
import { columnsOf } from '../terminal/frame.ts';
import { printLines } from '../terminal/print-lines.ts';
import { printEvent } from '../training/json-display.ts';
import { isFinished, placeOfRun } from '../training/run-place.ts';
import { FINISHING, STOPPING } from '../training/training-watch.ts';
import { type KeptAgentResult, trainAgentRun } from '../training-run/train-agent-run.ts';

interface Told {
  readonly config: AgentConfig;
  readonly options: TrainAgentOptions;
  readonly directory: string;
}

/** Trains an agent, shows it, keeps the run, and says what to try next; answers the exit code. */
export async function trainAgentCommand(
  task: AgentTaskName,
  options: TrainAgentOptions,
): Promise<number> {
  const { out, again, json = false } = options;
  const config = trainedAgentConfig(task, options);
  const hash = await configHash(config);
  const { directory, found } = await placeOfRun({ task, hash, out, again });
  const told = { config, options, directory };
  if (found && isFinished(found, hash)) {
    if (json) printEvent('found', { directory, hash, result: found.result });
    else showEnd(found, { ...told, isOld: true });
    return exitCodes.done;
  }
  const interruption = listenForSignals();
  const finished = await train({ ...told, hash, found, interruption });
  interruption.dispose();
  if (finished) {
    if (json) printEvent('finished', { directory, hash, result: finished.result });
    else showEnd(finished, { ...told, isOld: false });
    return exitCodes.done;
  }
  const last = (await soundAgentMetrics(await readRun(directory))).at(-1);
  const { frames = 0, meanReward } = last ?? {};
  if (json) printEvent('interrupted', { directory, hash, frames });
  else printLines(stoppedAgentSummary({ ...told, frames, meanReward }, columnsOf(process.stdout)));
  return interruption.exitCode() ?? exitCodes.failure;
}

interface Begun extends Told {
  readonly hash: string;
  readonly found: RunRecord | undefined;
  readonly interruption: Interruption;
}

async function train({
  interruption,
  found,
  hash,
  ...told
}: Begun): Promise<RunRecord | undefined> {
  const { config, options, directory } = told;
  const before = found ? await soundAgentMetrics(found) : [];
  const watch = watchAgent({ ...told, hash, before });
  const { signal } = interruption;
  signal.addEventListener('abort', () => watch.notice(watch.isTesting() ? FINISHING : STOPPING));
  const workers = workersOf(options);
  try {
    return await trainAgentRun(directory, {
      config,
      hash,
      workers,
      signal,
      watcher: watch.watcher,
    });
  } finally {
    watch.close();
  }
}

const showEnd = (run: RunRecord, told: Told & { readonly isOld: boolean }): void =>
  printLines(
    agentSummary({ ...told, result: run.result as KeptAgentResult }, columnsOf(process.stdout)),
  );
