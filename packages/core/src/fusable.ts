import {
  engine,
  getBackend,
  getKernel,
  type KernelConfig,
  keep,
  type NamedAttrMap,
  type NamedTensorMap,
  type Tensor,
  tidy,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { activeRecorder } from './recording.ts';
import { recordOnTape, runUntaped, share } from './tape.ts';

/** Named inputs of an op; one that is absent is left out. */
export type FusableInputs = { readonly [name: string]: Tensor | undefined };

/** Plain values that an op needs besides tensors. */
export type FusableAttrs = { readonly [name: string]: unknown };

export interface Fusable<
  Inputs extends FusableInputs,
  Attrs extends FusableAttrs,
  T extends Tensor,
> {
  /** The name a backend's kernel is looked up by; its backward is `<kernelName>Grad`. */
  readonly kernelName: string;
  /** What the op means, in plain differentiable ops. It runs wherever no kernel does. */
  reference(inputs: Inputs, attrs: Attrs): T;
  /** The inputs that have a gradient, in the order in which the backward kernel returns them. */
  readonly differentiable: readonly (keyof Inputs & string)[];
}

/** What a kernel may be asked to do besides tfjs's own kernels. */
export interface FusedKernel extends KernelConfig {
  /** Whether it can take this call; without it, it takes every call. What it declines, the reference computes. */
  supports?(inputs: NamedTensorMap, attrs: FusableAttrs): boolean;
}

/**
 * An op that is its reference, except where the active backend has a kernel of its name.
 *
 * The kernel gets the inputs that are present and the attributes, and returns one tensor. Its backward is the
 * kernel `<kernelName>Grad`, which gets besides them `y` (what the forward returned) and `dy`, and returns one
 * gradient for each present differentiable input. With the attribute `keep`, the forward may return a second tensor
 * after its value, of whatever shape: its backward gets it back as `kept`, and need not compute things again.
 *
 * A backend may ship the forward alone: training then runs the reference, whose forward its backward would need in
 * any case. So do derivatives of derivatives.
 */
export function fusable<Inputs extends FusableInputs, Attrs extends FusableAttrs, T extends Tensor>(
  op: Fusable<Inputs, Attrs, T>,
): (inputs: Inputs, attrs: Attrs) => T {
  return (inputs, attrs) => {
    const reference = (): T => tidy(() => op.reference(inputs, attrs));
    const present = presentInputs(inputs);
    const kernel = findKernel(op.kernelName, present, attrs);
    if (!kernel) return reference();
    if (!engine().isTapeOn()) return run(kernel, present, attrs)[0] as T;
    const backward = getKernel(gradientName(op), kernel.backendName);
    if (!backward) return reference();
    return runWithGradient(op, kernel, backward, present, attrs);
  };
}

/** What has no gradient of its own, but deserves a kernel too: an update of many weights in one call. */
export interface FusableUpdate<Attrs extends FusableAttrs> {
  readonly kernelName: string;
  reference(inputs: NamedTensorMap, attrs: Attrs): Tensor[];
}

/** Its reference, except where the active backend has a kernel of its name, which returns the same list of tensors. */
export function fusableUpdate<Attrs extends FusableAttrs>({
  kernelName,
  reference,
}: FusableUpdate<Attrs>): (inputs: NamedTensorMap, attrs: Attrs) => Tensor[] {
  return (inputs, attrs) => {
    const kernel = findKernel(kernelName, inputs, attrs);
    return kernel ? run(kernel, inputs, attrs) : tidy(() => reference(inputs, attrs));
  };
}

const gradientName = ({ kernelName }: { kernelName: string }): string => `${kernelName}Grad`;

/** The active backend's kernel, if it has one that takes this call. */
function findKernel(
  name: string,
  inputs: NamedTensorMap,
  attrs: FusableAttrs,
): FusedKernel | undefined {
  const kernel: FusedKernel | undefined = getKernel(name, getBackend());
  return kernel?.supports?.(inputs, attrs) === false ? undefined : kernel;
}

function run(kernel: KernelConfig, inputs: NamedTensorMap, attrs: FusableAttrs): Tensor[] {
  const noteOutputs = activeRecorder()?.(kernel, inputs, attrs);
  const result = engine().runKernel(kernel.kernelName, inputs, attrs as NamedAttrMap);
  const outputs = [result].flat() as Tensor[];
  noteOutputs?.(outputs);
  return outputs;
}

function runWithGradient<
  Inputs extends FusableInputs,
  Attrs extends FusableAttrs,
  T extends Tensor,
>(
  op: Fusable<Inputs, Attrs, T>,
  kernel: FusedKernel,
  backward: KernelConfig,
  present: NamedTensorMap,
  attrs: Attrs,
): T {
  const names = Object.keys(present);
  const wanted = op.differentiable.filter((name) => name in present);

  const keeping = { ...attrs, keep: true };
  const noteOutputs = activeRecorder()?.(kernel, present, keeping);
  const outputs = runUntaped(kernel, present, keeping);
  noteOutputs?.(outputs);
  const [y, kept] = outputs as [T, Tensor?];
  const saved = [...names.map((name) => present[name] as Tensor), y].map(share);
  if (kept) saved.push(keep(kept));

  const inputs = Object.fromEntries(wanted.map((name) => [name, present[name] as Tensor]));
  recordOnTape(op.kernelName, inputs, y, saved, (dy, saved) => {
    const again = Object.fromEntries(names.map((name, i) => [name, saved[i] as Tensor]));
    if (engine().isTapeOn()) return referenceGradients(op, again, dy as T, wanted, attrs);
    const [y, kept] = saved.slice(names.length) as [Tensor, Tensor?];
    return run(backward, { ...again, y, dy, ...(kept && { kept }) }, attrs);
  });
  return y;
}

function presentInputs(inputs: FusableInputs): NamedTensorMap {
  const present: NamedTensorMap = {};
  for (const name in inputs) {
    const input = inputs[name];
    if (input) present[name] = input;
  }
  return present;
}

function referenceGradients<
  Inputs extends FusableInputs,
  Attrs extends FusableAttrs,
  T extends Tensor,
>(
  op: Fusable<Inputs, Attrs, T>,
  inputs: NamedTensorMap,
  dy: T,
  wanted: readonly string[],
  attrs: Attrs,
): Tensor[] {
  const varied = wanted.map((name) => inputs[name] as Tensor);
  const reference = (): T => op.reference(inputs as unknown as Inputs, attrs);
  // Not `grads`, which refuses an input that plays no part: its gradient is zero.
  const { grads } = engine().gradients(reference, varied, dy, true);
  return grads.map((gradient, i) => gradient ?? zerosLike(varied[i] as Tensor));
}
