import type { DataId, KernelConfig, NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';

/** Where the numbers of a kernel's input come from. */
export type Source =
  | { readonly from: 'argument'; readonly name: string }
  | { readonly from: 'live'; readonly index: number }
  | { readonly from: 'result'; readonly call: number; readonly output: number };

export interface RecordedInput {
  readonly source: Source;
  readonly shape: number[];
  readonly dtype: Tensor['dtype'];
}

interface RecordedCall {
  readonly kernel: KernelConfig;
  readonly inputs: Readonly<Record<string, RecordedInput>>;
  readonly attrs: Readonly<Record<string, unknown>>;
  /** How many it returned. */
  readonly outputs: number;
}

/** What a function asked of kernels, in order, and which of their results it returned. */
export interface Recording {
  readonly calls: readonly RecordedCall[];
  readonly results: ReadonlyMap<string, RecordedInput>;
}

/** Notes the calls of `fusable`'s kernels: what goes in, and then what came out. */
export type Recorder = (
  kernel: KernelConfig,
  inputs: NamedTensorMap,
  attrs: object,
) => (outputs: readonly Tensor[]) => void;

let active: Recorder | undefined;

export const activeRecorder = (): Recorder | undefined => active;

/**
 * Runs a function of tensors and records its kernel calls. No recording comes of it if numbers went through anything else:
 * an op of tfjs, or a tensor from elsewhere that is not among the live ones.
 */
export function record<Arguments extends NamedTensorMap, Results extends NamedTensorMap>(
  run: (inputs: Arguments) => Results,
  inputs: Arguments,
  live: readonly Tensor[],
): [results: Results, recording: Recording | undefined] {
  const sources = new Map<DataId, Source>();
  for (const [index, { dataId }] of live.entries()) sources.set(dataId, { from: 'live', index });
  for (const name in inputs) {
    sources.set((inputs[name] as Tensor).dataId, { from: 'argument', name });
  }
  // Of two tensors with the same numbers nobody can tell which one a kernel was given.
  let isWhole = sources.size === live.length + Object.keys(inputs).length;

  function recorded(tensor: Tensor): RecordedInput {
    const { dataId, shape, dtype } = tensor;
    const source = sources.get(dataId);
    if (!source) isWhole = false;
    return { source: source as Source, shape, dtype };
  }

  const calls: RecordedCall[] = [];
  active = (kernel, kernelInputs, attrs) => {
    const own: Record<string, RecordedInput> = {};
    for (const name in kernelInputs) own[name] = recorded(kernelInputs[name] as Tensor);
    return (outputs) => {
      outputs.forEach(({ dataId }, output) => {
        sources.set(dataId, { from: 'result', call: calls.length, output });
      });
      calls.push({ kernel, inputs: own, attrs: { ...attrs }, outputs: outputs.length });
    };
  };
  try {
    const results = run(inputs);
    const returned = new Map(Object.entries(results).map(([name, t]) => [name, recorded(t)]));
    if (!areOwn(Object.values(results), [...returned.values()])) isWhole = false;
    return [results, isWhole ? { calls, results: returned } : undefined];
  } finally {
    active = undefined;
  }
}

/** Whether all were made by kernels, and each is another. */
function areOwn(tensors: readonly Tensor[], results: readonly RecordedInput[]): boolean {
  const different = new Set(tensors.map(({ dataId }) => dataId));
  return (
    different.size === tensors.length && results.every(({ source }) => source?.from === 'result')
  );
}

/** Whether two recordings are of the same computation. */
export function isSame(a: Recording, b: Recording): boolean {
  return (
    a.calls.length === b.calls.length &&
    a.calls.every(({ kernel }, i) => kernel === b.calls[i]?.kernel) &&
    fingerprint(a) === fingerprint(b)
  );
}

function fingerprint({ calls, results }: Recording): string {
  return JSON.stringify([calls.map(({ inputs, attrs }) => [inputs, attrs]), [...results]], plain);
}

/** JSON has no numbers that are not finite, and no typed arrays. */
function plain(_: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return ArrayBuffer.isView(value) ? [...(value as Uint8Array)] : value;
}
