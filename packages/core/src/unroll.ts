import {
  reshape,
  type Tensor2D,
  type Tensor3D,
  type TensorContainerObject,
  tidy,
} from '@tensorflow/tfjs-core';
import { checkShape } from './checks.ts';
import type { RecurrentCell } from './contracts.ts';
import { stepOf } from './ops/step-of.ts';
import { joinSteps, splitSteps } from './time-steps.ts';

/**
 * Runs a cell over whole sequences: `[batch, time, inputSize]` → every output `[batch, time, units]` and the state
 * after the last step. The input's share is computed once for all steps.
 */
export function unroll<State extends TensorContainerObject>(
  cell: RecurrentCell<State>,
  inputs: Tensor3D,
  state?: State,
): [outputs: Tensor3D, state: State] {
  checkShape('inputs', inputs, ['batch', 'time', cell.inputSize]);
  return tidy(() => unrollDriven(cell, driveAll(cell, inputs), state));
}

/** The same for a drive `[batch, time, width]` that is there already. */
export function unrollDriven<State extends TensorContainerObject>(
  cell: RecurrentCell<State>,
  drive: Tensor3D,
  state?: State,
): [outputs: Tensor3D, state: State] {
  return tidy(() => {
    const start = state ?? cell.initialState(drive.shape[0]);
    return cell.scan ? cell.scan(drive, start) : stepThrough(cell, drive, start);
  });
}

/** The outputs alone, where nobody goes on from the last state: a cell may then save itself the work of making it. */
export function drivenOutputs<State extends TensorContainerObject>(
  cell: RecurrentCell<State>,
  drive: Tensor3D,
  state?: State,
): Tensor3D {
  return tidy(() =>
    cell.outputs ? cell.outputs(drive, state) : unrollDriven(cell, drive, state)[0],
  );
}

/** The last output alone, where that is all that is wanted. */
export function drivenLastOutput<State extends TensorContainerObject>(
  cell: RecurrentCell<State>,
  drive: Tensor3D,
  state?: State,
): Tensor2D {
  return tidy(() =>
    cell.lastOutput ? cell.lastOutput(drive, state) : stepOf(drivenOutputs(cell, drive, state)),
  );
}

/** Every step's input at once: `[batch, time, inputSize]` → `[batch, time, width]`. */
export function driveAll<State extends TensorContainerObject>(
  cell: RecurrentCell<State>,
  inputs: Tensor3D,
): Tensor3D {
  return tidy(() => {
    const [batchSize, steps, inputSize] = inputs.shape;
    const drive = cell.drive(reshape(inputs, [batchSize * steps, inputSize]));
    return reshape(drive, [batchSize, steps, drive.shape[1]]);
  });
}

function stepThrough<State extends TensorContainerObject>(
  cell: RecurrentCell<State>,
  drive: Tensor3D,
  start: State,
): [Tensor3D, State] {
  let state = start;
  const outputs: Tensor2D[] = [];
  for (const x of splitSteps(drive)) {
    const [output, next] = cell.step(x, state);
    outputs.push(output);
    state = next;
  }
  return [joinSteps(outputs), state];
}
