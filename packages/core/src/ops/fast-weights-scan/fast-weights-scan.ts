import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { checkChoice, checkInteger, checkRange, checkShape } from '../../checks.ts';
import { checkControl, controlBits } from '../../control.ts';
import { OptionError, ShapeError } from '../../errors.ts';
import { fusable } from '../../fusable.ts';
import { stepOf } from '../step-of.ts';
import type { FastWeightsScanAttrs, FastWeightsScanInputs } from './attributes.ts';
import { fastWeightsScanReference, type Observer } from './reference.ts';

const differentiable = [
  'drive',
  'recurrentKernel',
  'integrationKernel',
  'innerKernel',
  'gain',
  'bias',
  'h',
  'A',
  'past',
  'weights',
] as const;

const run = fusable<FastWeightsScanInputs, FastWeightsScanAttrs, Tensor3D>({
  kernelName: 'FastWeightsScan',
  differentiable,
  reference: fastWeightsScanReference,
});

const runToLast = fusable<FastWeightsScanInputs, FastWeightsScanAttrs, Tensor2D>({
  kernelName: 'FastWeightsLastState',
  differentiable,
  reference: (inputs, attrs) => stepOf(run(inputs, attrs)),
});

/**
 * A fast-weights network over a whole sequence: every hidden state h(1) … h(T), `[batch, time, units]`.
 *
 * README.md in this folder has the equations, what each control bit does, and the shapes.
 */
export function fastWeightsScan(
  inputs: FastWeightsScanInputs,
  attrs: FastWeightsScanAttrs,
): Tensor3D {
  check(inputs, attrs);
  return run(withoutEmptyPast(inputs), copied(attrs));
}

/** h(T) alone, `[batch, units]`: the others need not be written down, nor have a gradient. */
export function fastWeightsLastState(
  inputs: FastWeightsScanInputs,
  attrs: FastWeightsScanAttrs,
): Tensor2D {
  check(inputs, attrs);
  return runToLast(withoutEmptyPast(inputs), copied(attrs));
}

/** The backward reads them again, when the caller's may have changed. */
function copied(attrs: FastWeightsScanAttrs): FastWeightsScanAttrs {
  const { control } = attrs;
  return { ...attrs, ...(control && { control: control.map((row) => Array.from(row)) }) };
}

/** A memory that nothing was written to is none. */
function withoutEmptyPast(inputs: FastWeightsScanInputs): FastWeightsScanInputs {
  if (inputs.past?.shape[0] !== 0) return inputs;
  const { past, weights, ...others } = inputs;
  return others;
}

/** The same, and h₀ … h_S of every step told to an observer; always the reference, never a kernel.
 * Call it inside a `tidy`: what the observer is given is not cleaned up. */
export function observeFastWeightsScan(
  inputs: FastWeightsScanInputs,
  attrs: FastWeightsScanAttrs,
  observe: Observer,
): Tensor3D {
  check(inputs, attrs);
  return fastWeightsScanReference(inputs, attrs, observe);
}

function check(inputs: FastWeightsScanInputs, attrs: FastWeightsScanAttrs): void {
  checkAttrs(attrs);
  checkShape('drive', inputs.drive, ['batch', 'time', 'units']);
  const [batchSize, steps, units] = inputs.drive.shape;
  if (batchSize === 0 || steps === 0 || units === 0) {
    throw new ShapeError('drive', 'a tensor with something in it', `[${inputs.drive.shape}]`);
  }
  const optional = (name: string, input: Tensor | undefined, shape: (number | string)[]): void => {
    if (input !== undefined) checkShape(name, input, shape);
  };
  checkShape('recurrentKernel', inputs.recurrentKernel, [units, units]);
  optional('integrationKernel', inputs.integrationKernel, [units, units]);
  optional('innerKernel', inputs.innerKernel, [units, units]);
  optional('h', inputs.h, [batchSize, units]);
  optional('A', inputs.A, [batchSize, units, units]);
  if (attrs.layerNorm.length > 0) {
    checkShape('gain', inputs.gain, [units]);
    checkShape('bias', inputs.bias, [units]);
  }
  if (inputs.past || inputs.weights) {
    checkShape('past', inputs.past, ['writes', batchSize, units]);
    checkShape('weights', inputs.weights, [inputs.past?.shape[0] ?? 0, batchSize]);
  }
  const foreign = attrs.memory === 'attention' ? 'A' : 'past';
  if (inputs[foreign]) {
    throw new ShapeError(foreign, `absent with memory '${attrs.memory}'`, 'given');
  }
  if (attrs.control) checkControl(attrs.control, batchSize, steps);
  const integrates = attrs.control?.some((row) => row.some((b) => b & controlBits.integrate));
  if (integrates) checkShape('integrationKernel', inputs.integrationKernel, [units, units]);
}

/** The options that a cell hands to the scan, checked when the cell is made and again at every call. */
export function checkAttrs(attrs: FastWeightsScanAttrs): void {
  checkRange('decayRate', attrs.decayRate, 0, 1);
  checkRange('learningRate', attrs.learningRate, 0, Number.MAX_VALUE);
  checkInteger('innerSteps', attrs.innerSteps, 0);
  checkChoice('settling', attrs.settling, ['sustained', 'free']);
  checkChoice('memory', attrs.memory, ['attention', 'matrix']);
  if (!Array.isArray(attrs.layerNorm)) {
    throw new OptionError('layerNorm', 'a list of places', `${attrs.layerNorm}`);
  }
  for (const place of attrs.layerNorm) {
    checkChoice('layerNorm', place, ['inner', 'preliminary', 'plain']);
  }
  if (attrs.window !== undefined) {
    checkInteger('window', attrs.window, 1);
    if (attrs.memory !== 'attention') {
      throw new OptionError(
        'window',
        'absent with a matrix, which cannot forget',
        `${attrs.window}`,
      );
    }
  }
}
