import type { AgentConfig } from '@fastweights/experiments';
import type { Metric } from '@fastweights/trainers/runs';
import { oddRefusals } from '../odd-refusals.ts';
import { printable } from '../printable.ts';
import { count } from '../terminal/format.ts';
import { printEvent } from '../training/json-display.ts';
import { printNote } from '../training/print-note.ts';
import { canDraw } from '../training/training-display.ts';
import { NOTICE } from '../training/training-watch.ts';
import type { AgentRunWatcher } from '../training-run/train-agent-run.ts';
import {
  type AgentDisplay,
  jsonAgentDisplay,
  liveAgentDisplay,
  plainAgentDisplay,
} from './agent-display.ts';
import { type AgentView, afterReport } from './agent-view.ts';
import { type TrainAgentOptions, workersOf } from './train-agent-options.ts';

export interface AgentWatch {
  readonly watcher: AgentRunWatcher;
  isTesting(): boolean;
  notice(text: string): void;
  close(): void;
}

export interface WatchedAgent {
  readonly config: AgentConfig;
  readonly hash: string;
  readonly directory: string;
  readonly options: TrainAgentOptions;
  /** What was reported before, where the run goes on. */
  readonly before: readonly Metric<'agent'>[];
}

/** Shows the training of an agent: as a picture, line by line, or as JSON. */
export function watchAgent({ config, hash, directory, options, before }: WatchedAgent): AgentWatch {
  const { json = false, plain = false } = options;
  const { maxFrames } = config.training;
  const workers = workersOf(options);
  let display: AgentDisplay | undefined;
  let began = 0;
  let isTesting = false;

  const note = (text: string): void => {
    if (json) printEvent('note', { text });
    printNote(text);
  };
  const open = (start: AgentView): AgentDisplay => {
    if (json) return jsonAgentDisplay(start);
    return canDraw(process.stdout) && !plain ? liveAgentDisplay(start) : plainAgentDisplay(start);
  };
  return {
    isTesting: () => isTesting,
    notice: (text) => display?.notice(text),
    close: () => display?.close(),
    watcher: {
      onBegin(frames) {
        began = frames;
        const event = frames > 0 ? 'resumed' : 'started';
        const facts = { task: config.task, directory, hash, frames, maxFrames, workers };
        if (json) printEvent(event, facts);
        else if (frames > 0) {
          console.log(`Going on from frame ${count(frames)} of ${printable(directory)}.`);
        }
      },
      onBackend({ name: backend, device, weightCount, refused }) {
        for (const text of oddRefusals(refused)) note(text);
        if (json) printEvent('backend', { name: backend, device });
        const known = before.filter(({ frames }) => frames <= began);
        const start: AgentView = {
          ...{ config, backend, weightCount, workers, began },
          ...{ frames: began, episodes: 0, seconds: 0, rewards: [], notice: NOTICE },
        };
        const view = known.reduce((shown, metric) => afterReport(shown, metric, 0), start);
        display = open({ ...view, frames: began });
      },
      onProgress: (progress) => display?.progress(progress),
      onTest() {
        isTesting = true;
        display?.test();
      },
      note,
    },
  };
}
