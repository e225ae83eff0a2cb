import {
  type Tensor2D,
  type Tensor3D,
  type TensorContainerObject,
  tidy,
} from '@tensorflow/tfjs-core';
import type { RecurrentCell } from './contracts.ts';
import { OptionError } from './errors.ts';
import { driveAll, unrollDriven } from './unroll.ts';
import type { Weights } from './weights.ts';

// biome-ignore lint/suspicious/noExplicitAny: layers of different kinds have different states
type Layer = RecurrentCell<any>;

/** One state per layer: `layer0`, `layer1`, … */
export type StackState = { [layer: string]: TensorContainerObject };

/** Several cells, each fed with the outputs of the one before, as one cell. It owns them: disposing it disposes them. */
export function stackCells(...cells: readonly Layer[]): RecurrentCell<StackState> {
  const [first, last] = [cells[0], cells.at(-1)];
  if (!first || !last) throw new OptionError('stackCells', 'given at least one cell', 'given none');
  cells.forEach((cell, i) => {
    const below = cells[i - 1];
    if (below && cell.inputSize !== below.units) {
      const expected = `${below.units}, the units of the layer below`;
      throw new OptionError(`the inputSize of layer ${i}`, expected, `${cell.inputSize}`);
    }
  });
  const layers = cells.map((cell, i) => [`layer${i}`, cell] as const);
  const weights: Weights = Object.fromEntries(layers.map(([name, cell]) => [name, cell.weights]));

  /** Carries a value up through the layers, collecting their next states. */
  function climb<X extends Tensor2D | Tensor3D>(
    drive: X,
    state: StackState,
    into: (cell: Layer, input: X) => X,
    run: (cell: Layer, drive: X, state: TensorContainerObject) => [X, TensorContainerObject],
  ): [X, StackState] {
    const next: StackState = {};
    let value = drive;
    for (const [i, [name, cell]] of layers.entries()) {
      const own = state[name];
      if (!own) throw new OptionError('state', `one with a ${name}`, Object.keys(state).join(', '));
      const [output, after] = run(cell, i === 0 ? value : into(cell, value), own);
      next[name] = after;
      value = output;
    }
    return [value, next];
  }

  return {
    inputSize: first.inputSize,
    units: last.units,
    weights,
    initialState: (batchSize) =>
      Object.fromEntries(layers.map(([name, cell]) => [name, cell.initialState(batchSize)])),
    drive: (input) => first.drive(input),
    step: (drive, state) =>
      tidy(() =>
        climb<Tensor2D>(
          drive,
          state,
          (cell, input) => cell.drive(input),
          (cell, x, own) => cell.step(x, own),
        ),
      ),
    scan: (drive, state) =>
      tidy(() =>
        climb<Tensor3D>(drive, state, driveAll, (cell, x, own) => unrollDriven(cell, x, own)),
      ),
    dispose: () => {
      for (const cell of cells) cell.dispose();
    },
  };
}
