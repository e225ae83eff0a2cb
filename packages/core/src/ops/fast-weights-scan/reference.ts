import {
  add,
  dispose,
  type Rank,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  type TensorContainerObject,
  tidy,
  where,
  zeros,
} from '@tensorflow/tfjs-core';
import { type Bit, type StepBits, simplifyControl, stepBits } from '../../control.ts';
import { attentionMemory } from '../../memory/attention-memory.ts';
import { matrixMemory } from '../../memory/matrix-memory.ts';
import { joinSteps, splitSteps } from '../../time-steps.ts';
import { layerNorm } from '../layer-norm.ts';
import { product } from '../product.ts';
import { rectify } from '../rectify.ts';
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
  let state = fast.start;
  const outputs = splitSteps(inputs.drive).map((x, t) => {
    const bits = stepBits(control, t);
    const before = h ?? nothing;
    // Each step is tidied by itself: without a gradient to take, a long sequence must not keep all that it computes.
    const step = tidy(() => {
      const read = (query: Tensor2D): Tensor2D | null => fast.read(state, query);
      const hidden =
        bits.hold === true
          ? [before]
          : settle(x, h, bits, inputs, attrs, read).map((hs) => select(bits.hold, before, hs));
      const y = hidden.at(-1) as Tensor2D;
      // Nobody reads what the last step would write.
      const next = t + 1 < steps ? fast.write(state, y, bits.write) : state;
      const kept = bits.wipe === true ? [] : [select(bits.wipe, nothing, y)];
      return { hidden: observe ? hidden : [y], next, kept };
    });
    observe?.(step.hidden);
    disposeReplaced(state, step.next, fast.start);
    state = step.next;
    h = step.kept[0] ?? null;
    return step.hidden.at(-1) as Tensor2D;
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

const f = rectify;

/** W h(t), or W_int h(t) in the samples that integrate. */
function recur(h: Tensor2D, integrate: Bit, inputs: FastWeightsScanInputs): Tensor2D {
  const { recurrentKernel, integrationKernel } = inputs;
  if (integrate === false) return product(h, recurrentKernel);
  const integrated = product(h, present(integrationKernel, 'integrationKernel'));
  if (integrate === true) return integrated;
  return select(integrate, integrated, product(h, recurrentKernel));
}

/** What stands for A in the inner loop. */
interface InnerMatrix<State extends TensorContainerObject = TensorContainerObject> {
  readonly start: State;
  /** A(t) q */
  read(state: State, query: Tensor2D): Tensor2D | null;
  write(state: State, h: Tensor2D, written: Bit): State;
}

/** One of the two memories, a slow matrix in its place, or nothing. */
function fastWeights(inputs: FastWeightsScanInputs, attrs: FastWeightsScanAttrs): InnerMatrix {
  const { innerKernel, A, past, weights } = inputs;
  const [batchSize, , units] = inputs.drive.shape;
  const unwritten = { start: {}, write: (state: TensorContainerObject) => state };
  if (innerKernel) return { ...unwritten, read: (_, query) => product(query, innerKernel) };
  if (attrs.learningRate === 0 && !A && !past) return { ...unwritten, read: () => null };

  if (attrs.memory === 'attention') {
    const memory = attentionMemory({ units, ...attrs });
    const start = past && weights ? { past, weights } : memory.empty(batchSize);
    return { ...memory, start } satisfies InnerMatrix<typeof start> as unknown as InnerMatrix;
  }
  const memory = matrixMemory({ units, ...attrs });
  const start = A ? { A } : memory.empty(batchSize);
  return { ...memory, start } satisfies InnerMatrix<typeof start> as unknown as InnerMatrix;
}

/** Disposes what a step has replaced, but not what the first state is made of: that is the caller's. */
function disposeReplaced(
  old: TensorContainerObject,
  next: TensorContainerObject,
  first: TensorContainerObject,
): void {
  for (const [name, tensor] of Object.entries(old)) {
    if (tensor !== next[name] && tensor !== first[name]) dispose(tensor);
  }
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
