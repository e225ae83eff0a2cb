import { describeCell, expectClose } from '@fastweights/testing';
import {
  add,
  clone,
  matMul,
  type Rank,
  relu,
  type Tensor2D,
  tensor2d,
  tensor3d,
  tidy,
  zeros,
} from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import {
  checkInteger,
  checkShape,
  createWeight,
  disposeWeights,
  drivenLastOutput,
  drivenOutputs,
  glorotUniform,
  OptionError,
  type RecurrentCell,
  ShapeError,
  splitSeed,
  stackCells,
  unroll,
  unrollDriven,
} from '../src/index.ts';

type State = { h: Tensor2D };

/** The plainest cell there is, without a scan of its own. */
function toyCell(inputSize: number, units: number, seed: number): RecurrentCell<State> {
  const weight = (name: string, rows: number) =>
    createWeight<Rank.R2>(glorotUniform(), [rows, units], splitSeed(seed, name));
  const weights = {
    kernel: weight('kernel', inputSize),
    recurrentKernel: weight('recurrentKernel', units),
  };
  return {
    inputSize,
    units,
    weights,
    initialState: (batchSize) => {
      checkInteger('batchSize', batchSize, 1);
      return { h: zeros([batchSize, units]) };
    },
    drive: (input) => {
      checkShape('input', input, ['rows', inputSize]);
      return matMul(input, weights.kernel);
    },
    step: (drive, { h }) => {
      checkShape('drive', drive, ['batch', units]);
      checkShape('state.h', h, [drive.shape[0], units]);
      const next = tidy(() => relu(add<Tensor2D>(drive, matMul(h, weights.recurrentKernel))));
      return [next, { h: clone(next) }];
    },
    dispose: () => disposeWeights(weights),
  };
}

describeCell('a cell without a scan', {
  create: (seed) => toyCell(3, 5, seed),
  weightCount: 3 * 5 + 5 * 5,
});

describeCell('a stack of two', {
  create: (seed) => stackCells(toyCell(3, 6, seed), toyCell(6, 5, seed + 1000)),
  weightCount: 3 * 6 + 6 * 6 + 6 * 5 + 5 * 5,
});

describe('unroll', () => {
  it('starts from the state that it is given', () => {
    const cell = toyCell(3, 5, 1);
    const state = { h: tensor2d([[1, 2, 3, 4, 5]]) };
    const x = tensor2d([[0.1, -0.2, 0.3]]);
    const [outputs] = unroll(cell, tensor3d([[[0.1, -0.2, 0.3]]]), state);
    expectClose(outputs, cell.step(cell.drive(x), state)[0]);
    expect(outputs.dataSync()).not.toEqual(
      unroll(cell, tensor3d([[[0.1, -0.2, 0.3]]]))[0].dataSync(),
    );
  });

  it('refuses inputs of another rank or width', () => {
    const cell = toyCell(3, 5, 1);
    expect(() => unroll(cell, tensor2d([[1, 2, 3]]) as never)).toThrow(ShapeError);
    expect(() => unroll(cell, zeros([1, 2, 4]))).toThrow(
      /^inputs .*\[batch, time, 3\].*\[1, 2, 4\]/,
    );
  });
});

describe('stackCells', () => {
  it('feeds each layer with the outputs of the one below', () => {
    const [low, high] = [toyCell(3, 6, 1), toyCell(6, 5, 2)];
    const inputs = tensor3d([
      [
        [1, -1, 0.5],
        [0.2, 0.4, -0.3],
      ],
    ]);
    const [expected] = unroll(high, unroll(low, inputs)[0]);
    const stack = stackCells(low, high);
    const [outputs, state] = unroll(stack, inputs);
    expectClose(outputs, expected);
    expect(Object.keys(state)).toEqual(['layer0', 'layer1']);
    expect([stack.inputSize, stack.units]).toEqual([3, 5]);
  });

  it('takes a cell twice, as two layers that share their weights', () => {
    const cell = toyCell(4, 4, 1);
    const inputs = tensor3d([[[1, -1, 0.5, 2]]]);
    const [expected] = unroll(cell, unroll(cell, inputs)[0]);
    expectClose(unroll(stackCells(cell, cell), inputs)[0], expected);
  });

  it('refuses layers that do not fit, and none', () => {
    expect(() => stackCells(toyCell(3, 6, 1), toyCell(5, 5, 2))).toThrow(
      'the inputSize of layer 1 must be 6, the units of the layer below, but it is 5.',
    );
    expect(() => stackCells()).toThrow(OptionError);
  });

  it('refuses a state without one of its layers', () => {
    const stack = stackCells(toyCell(3, 5, 1), toyCell(5, 5, 2));
    const state = stack.initialState(1);
    const { layer0 } = state;
    expect(() => stack.step(zeros([1, 5]), { layer0 } as never)).toThrow(/layer1/);
  });
});

describe('drivenOutputs and drivenLastOutput', () => {
  const drive = tensor3d([[[1], [2], [3]]]);
  const plain = toyCell(1, 1, 1);
  const asked: string[] = [];
  const shortcuts: RecurrentCell<State> = {
    ...plain,
    outputs: () => {
      asked.push('outputs');
      return tensor3d([[[4], [5], [6]]]);
    },
    lastOutput: () => {
      asked.push('lastOutput');
      return tensor2d([[7]]);
    },
  };

  it('ask the cell, where it can save itself work', () => {
    expect(drivenOutputs(shortcuts, drive).arraySync()).toEqual([[[4], [5], [6]]]);
    expect(drivenLastOutput(shortcuts, drive).arraySync()).toEqual([[7]]);
    expect(asked).toEqual(['outputs', 'lastOutput']);
  });

  it('take the last of all outputs, where it knows no shorter way', () => {
    const { lastOutput, ...outputsAlone } = shortcuts;
    expect(drivenLastOutput(outputsAlone, drive).arraySync()).toEqual([[6]]);
    const all = drivenOutputs(plain, drive).arraySync();
    expect(drivenLastOutput(plain, drive).arraySync()).toEqual([all[0]?.[2]]);
  });

  it('begin from a state that is given', () => {
    const h = tensor2d([[2]]);
    const from = drivenOutputs(plain, drive, { h });
    expect(from.arraySync()).toEqual(unrollDriven(plain, drive, { h })[0].arraySync());
    expect(from.arraySync()).not.toEqual(drivenOutputs(plain, drive).arraySync());
  });
});
