import {
  add,
  type Rank,
  relu,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  type TensorContainerObject,
  where,
  zeros,
} from '@tensorflow/tfjs-core';
import { type Bit, type StepBits, simplifyControl, stepBits } from '../../control.ts';
import { attentionMemory } from '../../memory/attention-memory.ts';
import type { FastMemory } from '../../memory/fast-memory.ts';
import { matrixMemory } from '../../memory/matrix-memory.ts';
import { joinSteps, splitSteps } from '../../time-steps.ts';
import { layerNorm } from '../layer-norm.ts';
import { product } from '../product.ts';
import type { FastWeightsScanAttrs, FastWeightsScanInputs, LayerNormPlace } from './attributes.ts';

// The only place where the model's mathematics stands.
//
// B batch, T time, H units; x(t) the drive, h the hidden state, A the fast weights. Null is a zero that costs nothing.

/** Is told h₀, h₁, … h_S of every step; a step that does not read has only one. */
export type Observer = (hidden: readonly Tensor2D[]) => void;

/** Every hidden state h(1) … h(T), as it was before a wipe: `[B, T, H]`. */
export function fastWeightsScanReference(
  inputs: FastWeightsScanInputs,
  attrs: FastWeightsScanAttrs,
  observe?: Observer,
): Tensor3D {
  const [batchSize, steps, units] = inputs.drive.shape;
  const nothing: Tensor2D = zeros([batchSize, units]);
  const control = simplifyControl(attrs.control, steps);
  const fast = fastWeights(inputs, attrs);

  let h = inputs.h ?? null;
  const outputs = splitSteps(inputs.drive).map((x, t) => {
    const bits = stepBits(control, t);
    const before = h ?? nothing;
    const hidden =
      bits.hold === true
        ? [before]
        : settle(x, h, bits, inputs, attrs, fast.read).map((hs) => select(bits.hold, before, hs));
    observe?.(hidden);
    const y = hidden.at(-1) as Tensor2D;
    // Nobody reads what the last step would write.
    if (t + 1 < steps) fast.write(y, bits.write);
    h = bits.wipe === true ? null : select(bits.wipe, nothing, y);
    return y;
  });
  return joinSteps(outputs);
}

/**
 * h₀(t+1) = f(W h(t) + C x(t))
 * h_{s+1}(t+1) = f(LN[W h(t) + C x(t) + A(t) h_s(t+1)]), s = 0 … S−1 — Ba et al. 2016, eq. 5
 *
 * @returns h₀, h₁, … h_S; the last is the new state
 */
function settle(
  x: Tensor2D,
  h: Tensor2D | null,
  bits: StepBits,
  inputs: FastWeightsScanInputs,
  { innerSteps, layerNorm: places, settling }: FastWeightsScanAttrs,
  read: (query: Tensor2D) => Tensor2D | null,
): readonly Tensor2D[] {
  const N = (place: LayerNormPlace, v: Tensor2D): Tensor2D =>
    places.includes(place)
      ? layerNorm(v, present(inputs.gain, 'gain'), present(inputs.bias, 'bias'))
      : v;
  const boundary = plus(x, h && recur(h, bits.integrate, inputs));
  const plain = (): Tensor2D => f(N('plain', boundary));
  if (bits.read === false) return [plain()];

  const sustained = settling === 'sustained';
  // An integrating step starts from the input alone; the free method has no later place for the boundary.
  const start = sustained ? select(bits.integrate, x, boundary) : boundary;
  const hidden = [f(N('preliminary', start))];
  for (let s = 0; s < innerSteps; s++) {
    const hs = hidden[s] as Tensor2D;
    hidden.push(f(N('inner', plus(sustained ? boundary : hs, read(hs)))));
  }
  if (bits.read === true) return hidden;
  const unread = plain();
  return hidden.map((hs) => select(bits.read, hs, unread));
}

const f = (v: Tensor2D): Tensor2D => relu(v);

/** W h(t), or W_int h(t) in the samples that integrate. */
function recur(h: Tensor2D, integrate: Bit, inputs: FastWeightsScanInputs): Tensor2D {
  const { recurrentKernel, integrationKernel } = inputs;
  if (integrate === false) return product(h, recurrentKernel);
  const integrated = product(h, present(integrationKernel, 'integrationKernel'));
  if (integrate === true) return integrated;
  return select(integrate, integrated, product(h, recurrentKernel));
}

interface CarriedMemory {
  /** A(t) q */
  read(query: Tensor2D): Tensor2D | null;
  write(h: Tensor2D, written: Bit): void;
}

/** What stands for A in the inner loop: one of the two memories, a slow matrix in its place, or nothing. */
function fastWeights(inputs: FastWeightsScanInputs, attrs: FastWeightsScanAttrs): CarriedMemory {
  const { innerKernel, A, past, weights } = inputs;
  const [batchSize, , units] = inputs.drive.shape;
  if (innerKernel) return { read: (query) => product(query, innerKernel), write: () => {} };
  if (attrs.learningRate === 0 && !A && !past) return { read: () => null, write: () => {} };

  const attention = attentionMemory({ units, ...attrs });
  if (attrs.memory === 'attention') {
    return carry(attention, past && weights ? { past, weights } : attention.empty(batchSize));
  }
  const matrix = matrixMemory({ units, ...attrs });
  return carry(matrix, A ? { A } : matrix.empty(batchSize));
}

function carry<State extends TensorContainerObject>(
  memory: FastMemory<State>,
  start: State,
): CarriedMemory {
  let state = start;
  return {
    read: (query) => memory.read(state, query),
    write: (h, written) => {
      state = memory.write(state, h, written);
    },
  };
}

/** Each sample's own one of two. */
function select(bit: Bit, yes: Tensor2D, no: Tensor2D): Tensor2D {
  if (typeof bit === 'boolean') return bit ? yes : no;
  return where(bit, yes, no);
}

function plus(a: Tensor2D, b: Tensor2D | null): Tensor2D {
  return b ? add(a, b) : a;
}

function present<R extends Rank>(input: Tensor<R> | undefined, name: string): Tensor<R> {
  if (!input) throw new Error(`fastWeightsScan was called without ${name}`);
  return input;
}
