import {
  ArgumentError,
  countWeights,
  driveAll,
  drivenLastOutput,
  drivenOutputs,
  loadWeights,
  type RecurrentCell,
  random,
  saveWeights,
  stepOf,
  uniform,
  unroll,
  unrollDriven,
  walkWeights,
} from '@fastweights/core';
import {
  concat,
  grads,
  mul,
  slice,
  sum,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  type TensorContainerObject,
  tensor3d,
  tidy,
  unstack,
  zeros,
} from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { expectClose } from './expect-close.ts';
import { expectNoLeaks } from './leaks.ts';

export interface CellUnderTest<State extends TensorContainerObject> {
  /** Makes the cell anew; another seed, other weights. */
  create(seed: number): RecurrentCell<State>;
  /** How many numbers it learns. */
  readonly weightCount: number;
}

const BATCH = 5;
const TIME = 6;

/** What every cell of this repository promises, whatever it computes. */
export function describeCell<State extends TensorContainerObject>(
  name: string,
  { create, weightCount }: CellUnderTest<State>,
): void {
  const sequences = (cell: RecurrentCell<State>, seed = 1): Tensor3D => {
    const stream = random(seed);
    const size = BATCH * TIME * cell.inputSize;
    const values = Float32Array.from({ length: size }, () => uniform(stream, -1, 1));
    return tensor3d(values, [BATCH, TIME, cell.inputSize]);
  };

  describe(`${name} keeps the contract of a cell`, () => {
    it('has the size that it says', () => {
      const cell = create(1);
      expect(countWeights(cell.weights)).toBe(weightCount);
      const [outputs] = unroll(cell, sequences(cell));
      expect(outputs.shape).toEqual([BATCH, TIME, cell.units]);
    });

    it('gives the same bits for the same seed, and others for another', () => {
      const run = (seed: number): Float32Array => {
        const cell = create(seed);
        return unroll(cell, sequences(cell))[0].dataSync<'float32'>();
      };
      expect(run(1)).toEqual(run(1));
      expect(run(1)).not.toEqual(run(2));
    });

    it('computes the same step by step as at once', () => {
      const cell = create(1);
      const inputs = sequences(cell);
      const [outputs, last] = unroll(cell, inputs);
      let state = cell.initialState(BATCH);
      for (const [t, input] of (unstack(inputs, 1) as Tensor2D[]).entries()) {
        const [output, next] = cell.step(cell.drive(input), state);
        const atOnce = slice(outputs, [0, t, 0], [BATCH, 1, cell.units]);
        expectClose(output, atOnce, { relative: 1e-6 }, `outputs of step ${t}`);
        state = next;
      }
      expectSameState(state, last);
    });

    it('gives the same outputs alone as with the last state', () => {
      const cell = create(1);
      const drive = driveAll(cell, sequences(cell));
      const state = cell.initialState(BATCH);
      const expected = unrollDriven(cell, drive)[0];
      expectClose(drivenOutputs(cell, drive), expected, { relative: 1e-6 });
      expectClose(drivenOutputs(cell, drive, state), expected, { relative: 1e-6 });
      const last = stepOf(expected);
      expectClose(drivenLastOutput(cell, drive), last, { relative: 1e-6 });
      expectClose(drivenLastOutput(cell, drive, state), last, { relative: 1e-6 });
    });

    it('goes on where a sequence was cut', () => {
      const cell = create(1);
      const inputs = sequences(cell);
      const part = (from: number, to: number): Tensor3D =>
        slice(inputs, [0, from, 0], [BATCH, to - from, cell.inputSize]);
      const [whole, last] = unroll(cell, inputs);
      const [first, state] = unroll(cell, part(0, 2));
      const [rest, after] = unroll(cell, part(2, TIME), state);
      expectClose(concat([first, rest], 1), whole, { relative: 1e-6 });
      expectSameState(after, last);
    });

    it('keeps samples apart, whoever else is in the batch', () => {
      const cell = create(1);
      const [here, there] = [sequences(cell, 1), sequences(cell, 2)];
      const only = (x: Tensor3D): Tensor3D => slice(x, [0, 0, 0], [1, TIME, x.shape[2]]);
      const others = slice(there, [1, 0, 0], [BATCH - 1, TIME, cell.inputSize]);
      const [together] = unroll(cell, concat([only(here), others], 0));
      expectClose(only(together), unroll(cell, only(here))[0], { relative: 1e-6 });
    });

    it('has a gradient for every weight, and for its inputs', () => {
      const cell = create(1);
      const weights = [...walkWeights(cell.weights)];
      const loss = (inputs: Tensor): Tensor => {
        const [outputs] = unroll(cell, inputs as Tensor3D);
        return sum(mul(outputs, outputs));
      };
      const all = grads(loss)([sequences(cell), ...weights.map(([, weight]) => weight)]);
      for (const [i, gradient] of all.entries()) {
        const of = i === 0 ? 'inputs' : (weights[i - 1]?.[0] as string);
        const values = [...gradient.dataSync()];
        expect(values.every(Number.isFinite), `${of}: finite`).toBe(true);
        expect(
          values.some((x) => x !== 0),
          `${of}: not all zero`,
        ).toBe(true);
      }
    });

    it('is the same after save and load', async () => {
      const [cell, other] = [create(1), create(2)];
      loadWeights(other.weights, await saveWeights(cell.weights));
      const inputs = sequences(cell);
      expect(unroll(other, inputs)[0].dataSync()).toEqual(unroll(cell, inputs)[0].dataSync());
    });

    it('gives outputs and states that are tensors of their own', () => {
      const cell = create(1);
      const state = cell.initialState(BATCH);
      const [first] = unstack(sequences(cell), 1) as Tensor2D[];
      const drive = cell.drive(first as Tensor2D);
      const [output, next] = cell.step(drive, state);
      const [again, after] = cell.step(drive, next);
      const [kept, keptState] = [[...again.dataSync()], numbersOf(after)];
      // Whoever owns these may be done with them; the newest output and state must not mind.
      for (const tensor of [output, drive, ...tensorsOf(state), ...tensorsOf(next)])
        tensor.dispose();
      expect([...again.dataSync()]).toEqual(kept);
      again.dispose();
      expect(numbersOf(after)).toEqual(keptState);
    });

    it('refuses a drive, an input and a state of another shape', () => {
      const cell = create(1);
      const state = cell.initialState(BATCH);
      const drive = cell.drive(zeros([BATCH, cell.inputSize]));
      const width = drive.shape[1];
      for (const call of [
        () => cell.drive(zeros([BATCH, cell.inputSize + 1])),
        () => cell.drive(zeros([BATCH, 1, cell.inputSize]) as unknown as Tensor2D),
        () => cell.step(zeros([BATCH, width + 1]), state),
        () => cell.step(zeros([BATCH + 1, width]), state),
        () => cell.step(drive, cell.initialState(BATCH + 1)),
        () => cell.initialState(0),
      ]) {
        expect(call, call.toString()).toThrow(ArgumentError);
      }
    });

    it('leaves nothing behind but what it returns', async () => {
      const cell = create(1);
      const [first] = unstack(sequences(cell), 1) as Tensor2D[];
      const inputs = sequences(cell);
      await expectNoLeaks(() => {
        const state = cell.initialState(BATCH);
        const drive = cell.drive(first as Tensor2D);
        const [output, next] = cell.step(drive, state);
        const [outputs, last] = unroll(cell, inputs, next);
        const owned = [state, next, last].flatMap(tensorsOf);
        for (const tensor of [drive, output, outputs, ...owned]) tensor.dispose();
      });
    });

    it('leaves no tensors behind in a tidy, and none when disposed', async () => {
      const inputs = sequences(create(1));
      await expectNoLeaks(() => {
        const cell = create(1);
        tidy(() => {
          const [, state] = unroll(cell, inputs);
          const [outputs, next] = unroll(cell, inputs, state);
          expect(outputs.isDisposed).toBe(false);
          expect(Object.keys(next).length).toBeGreaterThan(0);
        });
        cell.dispose();
      });
    });
  });
}

function expectSameState(actual: TensorContainerObject, expected: TensorContainerObject): void {
  expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
  for (const [key, value] of Object.entries(expected)) {
    const other = actual[key];
    if (isTensor(value)) expectClose(other as Tensor, value, { relative: 1e-6 }, `state.${key}`);
    else expectSameState(other as TensorContainerObject, value as TensorContainerObject);
  }
}

function tensorsOf(state: TensorContainerObject): Tensor[] {
  return Object.values(state).flatMap((value) =>
    isTensor(value) ? value : tensorsOf(value as TensorContainerObject),
  );
}

const numbersOf = (state: TensorContainerObject): number[][] =>
  tensorsOf(state).map((tensor) => [...tensor.dataSync()]);

function isTensor(value: unknown): value is Tensor {
  return typeof value === 'object' && value !== null && 'dataSync' in value;
}
