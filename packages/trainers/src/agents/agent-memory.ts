import {
  OptionError,
  readSafetensors,
  type StoredTensor,
  writeSafetensors,
} from '@fastweights/core';
import {
  type NamedTensorMap,
  type Tensor,
  type TensorContainerObject,
  tensor,
  tidy,
  where,
} from '@tensorflow/tfjs-core';

// What an agent remembers is a tensor for each name, or several of those within one another.

/** All tensors by their paths. */
export function tensorsOf(state: TensorContainerObject, prefix = ''): NamedTensorMap {
  const tensors: NamedTensorMap = {};
  for (const [name, part] of Object.entries(state)) {
    if (isTensor(part)) tensors[prefix + name] = part;
    else if (part)
      Object.assign(tensors, tensorsOf(part as TensorContainerObject, `${prefix}${name}.`));
  }
  return tensors;
}

const isTensor = (part: unknown): part is Tensor =>
  typeof part === 'object' && part !== null && 'dataId' in part;

/** The state whose tensors these are. */
export function stateOf<State extends TensorContainerObject>(tensors: NamedTensorMap): State {
  const state: Record<string, unknown> = {};
  for (const [path, part] of Object.entries(tensors)) {
    const names = path.split('.');
    const last = names.pop() as string;
    let place = state;
    for (const name of names) {
      place[name] ??= {};
      place = place[name] as Record<string, unknown>;
    }
    place[last] = part;
  }
  return state as State;
}

export async function saveState(state: TensorContainerObject): Promise<Uint8Array> {
  const stored = new Map<string, StoredTensor>();
  for (const [path, part] of Object.entries(tensorsOf(state))) {
    const values = await part.data<'float32'>();
    stored.set(path, { shape: part.shape, values: values.slice() });
  }
  return writeSafetensors(stored);
}

export function loadState<State extends TensorContainerObject>(bytes: Uint8Array): State {
  const tensors: NamedTensorMap = {};
  for (const [path, { shape, values }] of readSafetensors(bytes).tensors) {
    tensors[path] = tensor(values, [...shape], 'float32');
  }
  return stateOf(tensors);
}

/** The state with that of the start for worlds whose episode has ended; batches are along the first axis. */
export function forget<State extends TensorContainerObject>(
  state: State,
  start: State,
  ends: Uint8Array,
): State {
  return tidy(() => {
    const starts = tensorsOf(start);
    const forgotten: NamedTensorMap = {};
    for (const [path, part] of Object.entries(tensorsOf(state))) {
      const first = starts[path];
      if (!first || first.shape.join() !== part.shape.join()) {
        const expected =
          "of fixed size where worlds end at different times: a cell with memory: 'matrix'";
        throw new OptionError(`the agent's state ${path}`, expected, `[${part.shape.join(', ')}]`);
      }
      const mask = tensor(ends, [ends.length, ...part.shape.slice(1).fill(1)], 'bool');
      forgotten[path] = where(mask, first, part);
    }
    return stateOf<State>(forgotten);
  });
}
