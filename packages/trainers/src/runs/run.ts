import type { RefusedCheckpoint } from './checkpoint.ts';
import type { RunDescription } from './description.ts';
import type { ProgressOf, StateOf, TrainingKind } from './training-kinds.ts';

/** A run directory that this process has to itself until `close`. */
export interface Run<Kind extends TrainingKind = 'supervised'> extends RunDescription {
  readonly directory: string;
  /** A line of metrics.jsonl, and its numbers for TensorBoard. */
  report(progress: ProgressOf<Kind>): Promise<void>;
  /** When it answers, a kill or a power cut takes nothing of the state any more. The two newest are kept. */
  saveCheckpoint(state: StateOf<Kind>): Promise<void>;
  /**
   * The newest whole one, to go on from; undefined where there is none yet. `onRefused` is told of those that were passed
   * over. What is reported and saved afterwards follows on it: metrics reported since then are forgotten.
   *
   * @throws RunError where there are checkpoints, and none of them can be used
   */
  latestCheckpoint(
    onRefused?: (refused: RefusedCheckpoint) => void,
  ): Promise<StateOf<Kind> | undefined>;
  /** The last that is written: the result, plain data, and the weights. Checkpoints have done their work, and go. */
  finish(result: unknown, weights: Uint8Array): Promise<void>;
  close(): Promise<void>;
}
