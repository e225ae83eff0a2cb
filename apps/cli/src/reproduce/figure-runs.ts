import type { AgentRunResult, PlannedAgentRun, RunOne } from '@fastweights/experiments';
import type { AgentProgress } from '@fastweights/trainers';
import type { RunRecord } from '@fastweights/trainers/runs';
import { soundAgentMetrics } from '../run-records/sound-metrics.ts';
import { type KeptAgentResult, trainAgentRun } from '../training-run/train-agent-run.ts';
import { type FolderStore, folderStore } from './run-store.ts';

export type FigureFolder = FolderStore<AgentRunResult>;

/** The runs of a figure about agents in a folder. */
export const figureFolder = (out: string): FigureFolder => folderStore(out, agentResultOf);

/** A finished run, as reports tell of it. */
async function agentResultOf(record: RunRecord, directory: string): Promise<AgentRunResult> {
  const { frames, updates, episodes, seconds } = record.result as KeptAgentResult;
  const metrics = await soundAgentMetrics(record);
  const curve = metrics.map(({ frames, meanReward }) => ({ frames, meanReward }));
  return { frames, updates, episodes, seconds, curve, directory };
}

/** Who looks on while the runs of a figure are trained. */
export interface FigureWatcher {
  /** From which frame it goes on. */
  begin(run: PlannedAgentRun, frames: number): void;
  progress(run: PlannedAgentRun, progress: AgentProgress): void;
  note(text: string, run: PlannedAgentRun): void;
}

export interface FigureTrainingOptions {
  readonly runs: FigureFolder;
  readonly workers: number;
  readonly watcher: FigureWatcher;
}

/** Trains a run of a figure in its run directory, from its last checkpoint. */
export const figureTraining =
  ({ runs, workers, watcher }: FigureTrainingOptions): RunOne<PlannedAgentRun, AgentRunResult> =>
  async (planned, { signal }) => {
    const { config, hash, figure } = planned;
    const directory = await runs.directoryOf({ table: figure, hash });
    const record = await trainAgentRun(directory, {
      ...{ config, hash, workers, signal },
      watcher: {
        onBegin: (frames) => watcher.begin(planned, frames),
        onBackend() {},
        onProgress: (progress) => watcher.progress(planned, progress),
        onTest() {},
        note: (text) => watcher.note(text, planned),
      },
    });
    return record && agentResultOf(record, directory);
  };
