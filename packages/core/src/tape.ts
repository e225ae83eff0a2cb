import {
  clone,
  engine,
  type KernelConfig,
  keep,
  type NamedAttrMap,
  type NamedTensorMap,
  type Tensor,
} from '@tensorflow/tfjs-core';

// tfjs's `customGrad` saves a tensor by a clone, which is a kernel call, and on the wasm backend a copy. A training step
// saves some thirty tensors and megabytes; here, saving one is a reference more to its numbers.

/** What tfjs's engine (4.22, its last release) has and does not show. */
interface Tape {
  /** How many gradients are being taken, one inside the other. */
  readonly state: { readonly gradientDepth: number };
  addTapeNode(
    name: string,
    inputs: NamedTensorMap,
    outputs: Tensor[],
    gradient: (dy: Tensor, saved: Tensor[]) => Record<string, () => Tensor>,
    saved: Tensor[],
    attrs: NamedAttrMap,
  ): void;
}

const tape = (): Tape => engine() as unknown as Tape;

/** Another tensor with the same numbers, for a tape that outlives the one given; the tape disposes of it. */
export function share(tensor: Tensor): Tensor {
  engine().backend.incRef(tensor.dataId);
  const other = keep(engine().makeTensorFromTensorInfo(tensor));
  // Derivatives of derivatives go through what was saved, back to where it came from.
  if (tape().state.gradientDepth > 1)
    recordOnTape('share', { tensor }, other, [], (dy) => [clone(dy)]);
  return other;
}

/** Runs a kernel of the active backend without a trace on the tape. */
export function runUntaped(
  kernel: KernelConfig,
  inputs: NamedTensorMap,
  attrs: { readonly [name: string]: unknown },
): Tensor[] {
  const { backend } = engine();
  const results = [kernel.kernelFunc({ inputs, attrs: attrs as NamedAttrMap, backend })].flat();
  return results.map((result) =>
    'isDisposed' in result ? (result as Tensor) : engine().makeTensorFromTensorInfo(result),
  );
}

/** Tells the tape how `y` came of its inputs; `gradients` answers for each of them, in order. */
export function recordOnTape(
  name: string,
  inputs: NamedTensorMap,
  y: Tensor,
  saved: Tensor[],
  gradients: (dy: Tensor, saved: Tensor[]) => Tensor[],
): void {
  const gradient = (dy: Tensor, saved: Tensor[]): Record<string, () => Tensor> => {
    const results = gradients(dy, saved).values();
    const answers: Record<string, () => Tensor> = {};
    for (const key in inputs) {
      const result = results.next().value as Tensor;
      answers[key] = () => result;
    }
    return answers;
  };
  tape().addTapeNode(name, inputs, [y], gradient, saved, {});
}
