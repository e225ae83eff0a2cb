import {
  type Control,
  checkChoice,
  checkInteger,
  checkKeys,
  checkShape,
  type RecurrentCell,
  ShapeError,
} from '@fastweights/core';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import {
  type FastWeightsCellOptions,
  type FastWeightsCellWeights,
  fastWeightsCell,
  fastWeightsCellOptions,
} from './fast-weights-cell.ts';
import type { FastWeightsState } from './fast-weights-state.ts';
import {
  type GlimpseControlOptions,
  type GlimpseRole,
  glimpseControl,
  glimpseRoles,
} from './glimpse-control.ts';
import type { FastWeightsTrace, TraceOptions } from './trace.ts';

/** All of a fast-weights cell, whose defaults are the paper's here, and what each glimpse is to it. */
export interface GlimpseCellOptions
  extends Omit<FastWeightsCellOptions, 'integration'>,
    GlimpseControlOptions {
  /** What each glimpse is; after the last, the first comes again. Default: the 24 glimpses of Figure 3. */
  readonly roles?: readonly GlimpseRole[];
  /** Whether the steps that integrate have a kernel W_int of their own; if not, W serves there too. Default true. */
  readonly integration?: boolean;
}

/** A fast-weights cell's state, and which of the roles comes next, from 0: the same for the whole batch. */
export type GlimpseState = FastWeightsState & { step: number };

export interface GlimpseCell extends RecurrentCell<GlimpseState> {
  readonly weights: FastWeightsCellWeights;
  readonly roles: readonly GlimpseRole[];
  /** What it does at each of its roles, in control bits. */
  readonly control: readonly number[];
  scan(drive: Tensor3D, state: GlimpseState): [outputs: Tensor3D, state: GlimpseState];
  outputs(drive: Tensor3D, state?: GlimpseState): Tensor3D;
  /** After the last role only: what the model knows before it has seen everything is no answer. */
  lastOutput(drive: Tensor3D, state?: GlimpseState): Tensor2D;
  /** When A is written and read, and what it attends to: `[batch, time, inputSize]` → the trace of a fast-weights cell. */
  trace(inputs: Tensor3D, options?: GlimpseTraceOptions): FastWeightsTrace;
}

export interface GlimpseTraceOptions extends Omit<TraceOptions, 'state' | 'control'> {
  readonly state?: GlimpseState;
}

/**
 * The multi-level model of Figure 3 (Ba et al. 2016, section 4.2): each region of an image is seen coarsely, stored in the
 * fast weights, seen in four finer parts, and then seen again to integrate the parts with what was stored.
 * `glimpseControl` has the equations.
 *
 * It is a fast-weights cell that knows for itself what to do at each step, so it stands wherever a recurrent cell does.
 *
 * @example
 * const cell = glimpseCell({ inputSize: 49, units: 100, seed: 7 });
 * const last = drivenLastOutput(cell, driveAll(cell, glimpses)); // [batch, 24, 49] → [batch, 100]
 */
export function glimpseCell(options: GlimpseCellOptions): GlimpseCell {
  checkKeys('glimpseCell', options, [
    ...fastWeightsCellOptions,
    'roles',
    'wipe',
    'store',
    'secondLook',
  ]);
  const { roles: given = glimpseRoles, wipe, store, secondLook, ...others } = options;
  const { integration = true, ...plain } = others;
  checkChoice('integration', integration, [true, false]);
  const roles = [...given];
  const control = glimpseControl(roles, { wipe, store, secondLook });
  const cell = fastWeightsCell({ ...plain, integration: integration || 'recurrent' });

  /** The bits of so many steps from a state on, and the role after them. */
  function follow(
    state: GlimpseState | undefined,
    steps: number,
  ): [control: Control, next: number] {
    const first = state ? state.step : 0;
    checkInteger('state.step', first, 0);
    const bits = Array.from({ length: steps }, (_, i) => control[(first + i) % roles.length] ?? 0);
    return [[bits], (first + steps) % roles.length];
  }

  function scan(drive: Tensor3D, state: GlimpseState): [outputs: Tensor3D, state: GlimpseState] {
    checkShape('drive', drive, ['batch', 'time', cell.units]);
    const [bits, next] = follow(state, drive.shape[1]);
    const [outputs, after] = cell.scan(drive, memoryOf(state), bits);
    return [outputs, { ...after, step: next }];
  }

  function step(drive: Tensor2D, state: GlimpseState): [output: Tensor2D, state: GlimpseState] {
    const [bits, next] = follow(state, 1);
    const [output, after] = cell.step(drive, memoryOf(state), bits);
    return [output, { ...after, step: next }];
  }

  function outputs(drive: Tensor3D, state?: GlimpseState): Tensor3D {
    checkShape('drive', drive, ['batch', 'time', cell.units]);
    const [bits] = follow(state, drive.shape[1]);
    return cell.outputs(drive, state && memoryOf(state), bits);
  }

  function lastOutput(drive: Tensor3D, state?: GlimpseState): Tensor2D {
    checkShape('drive', drive, ['batch', 'time', cell.units]);
    const [bits, next] = follow(state, drive.shape[1]);
    if (next !== 0) {
      const expected = `a sequence that ends with the last of the ${roles.length} roles`;
      throw new ShapeError('drive', expected, `one that ends after ${next} of them`);
    }
    return cell.lastOutput(drive, state && memoryOf(state), bits);
  }

  function trace(
    inputs: Tensor3D,
    { state, ...others }: GlimpseTraceOptions = {},
  ): FastWeightsTrace {
    checkShape('inputs', inputs, ['batch', 'time', cell.inputSize]);
    const [bits] = follow(state, inputs.shape[1]);
    return cell.trace(inputs, {
      ...others,
      control: bits,
      ...(state && { state: memoryOf(state) }),
    });
  }

  return {
    inputSize: cell.inputSize,
    units: cell.units,
    weights: cell.weights,
    roles,
    control,
    initialState: (batchSize) => ({ ...cell.initialState(batchSize), step: 0 }),
    drive: cell.drive,
    step,
    scan,
    outputs,
    lastOutput,
    trace,
    dispose: cell.dispose,
  };
}

function memoryOf({ step, ...memory }: GlimpseState): FastWeightsState {
  return memory;
}
