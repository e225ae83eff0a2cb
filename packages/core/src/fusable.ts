import {
  customGrad,
  engine,
  type GradSaveFunc,
  getBackend,
  getKernel,
  grads,
  type NamedAttrMap,
  type NamedTensorMap,
  type Tensor,
  tidy,
} from '@tensorflow/tfjs-core';

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
  /** Whether the kernel can take this call; without it, it takes every call. */
  supports?(inputs: Inputs, attrs: Attrs): boolean;
}

/**
 * An op that is its reference, except where the active backend has a kernel of its name.
 *
 * The kernel gets the inputs that are present and the attributes, and returns one tensor. Its backward is the
 * kernel `<kernelName>Grad`, which gets besides them `y` (what the forward returned) and `dy`, and returns one
 * gradient for each present differentiable input. A backend may ship the forward alone: training then runs the
 * reference, whose forward its backward would need in any case. So do derivatives of derivatives.
 */
export function fusable<Inputs extends FusableInputs, Attrs extends FusableAttrs, T extends Tensor>(
  op: Fusable<Inputs, Attrs, T>,
): (inputs: Inputs, attrs: Attrs) => T {
  return (inputs, attrs) => {
    const reference = (): T => tidy(() => op.reference(inputs, attrs));
    if (!hasKernel(op.kernelName) || op.supports?.(inputs, attrs) === false) return reference();
    if (!engine().isTapeOn()) return run(op.kernelName, presentInputs(inputs), attrs) as T;
    return hasKernel(gradientName(op)) ? runWithGradient(op, inputs, attrs) : reference();
  };
}

const gradientName = ({ kernelName }: { kernelName: string }): string => `${kernelName}Grad`;

const hasKernel = (name: string): boolean => getKernel(name, getBackend()) !== undefined;

function run(name: string, inputs: NamedTensorMap, attrs: FusableAttrs): Tensor | Tensor[] {
  return engine().runKernel(name, inputs, attrs as NamedAttrMap);
}

function runWithGradient<
  Inputs extends FusableInputs,
  Attrs extends FusableAttrs,
  T extends Tensor,
>(op: Fusable<Inputs, Attrs, T>, inputs: Inputs, attrs: Attrs): T {
  const present = presentInputs(inputs);
  const names = Object.keys(present);
  const wanted = op.differentiable.filter((name) => name in present);

  const forward = customGrad((...args: (Tensor | GradSaveFunc)[]) => {
    const save = args.at(-1) as GradSaveFunc;
    const value = run(op.kernelName, present, attrs) as T;
    save([...names.map((name) => present[name] as Tensor), value]);
    const gradFunc = (dy: T, saved: Tensor[]): Tensor[] => {
      const again = Object.fromEntries(names.map((name, i) => [name, saved[i] as Tensor]));
      return backward(op, again, saved.at(-1) as T, dy, wanted, attrs);
    };
    return { value, gradFunc };
  });
  return forward(...wanted.map((name) => present[name] as Tensor)) as T;
}

function presentInputs(inputs: FusableInputs): NamedTensorMap {
  const present: NamedTensorMap = {};
  for (const [name, input] of Object.entries(inputs)) if (input) present[name] = input;
  return present;
}

function backward<Inputs extends FusableInputs, Attrs extends FusableAttrs, T extends Tensor>(
  op: Fusable<Inputs, Attrs, T>,
  inputs: NamedTensorMap,
  y: T,
  dy: T,
  wanted: readonly string[],
  attrs: Attrs,
): Tensor[] {
  if (!engine().isTapeOn()) {
    const result = run(gradientName(op), { ...inputs, y, dy }, attrs);
    return Array.isArray(result) ? result : [result];
  }
  const reference = (...args: Tensor[]): Tensor => {
    const varied = Object.fromEntries(wanted.map((name, i) => [name, args[i] as Tensor]));
    return op.reference({ ...inputs, ...varied } as unknown as Inputs, attrs);
  };
  return grads(reference)(
    wanted.map((name) => inputs[name] as Tensor),
    dy,
  );
}
