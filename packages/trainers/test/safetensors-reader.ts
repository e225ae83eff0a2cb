// A reader of safetensors as strict as the format's description, and one that shares nothing with ours.

export interface ReadTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** Bytes of a number; the names that the format knows. */
const DTYPES: Readonly<Record<string, number>> = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E5M2: 1,
  F8_E4M3: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  F64: 8,
  I64: 8,
  U64: 8,
};
const MOST_HEADER = 100_000_000;

export function readStrictly(file: Uint8Array): ReadonlyMap<string, ReadTensor> {
  const demand = (fact: boolean, what: string): void => {
    if (!fact) throw new Error(what);
  };
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const length = Number(view.getBigUint64(0, true));
  demand(length <= MOST_HEADER && 8 + length <= file.length, 'a header within the file');
  demand((8 + length) % 8 === 0, 'data that begin at a multiple of 8');
  const text = new TextDecoder('utf-8', { fatal: true }).decode(file.subarray(8, 8 + length));
  demand(text.startsWith('{'), 'a header that begins with {');
  demand(/\} *$/.test(text), 'a header padded with spaces');
  const { __metadata__: metadata = {}, ...header } = JSON.parse(text);
  demand(
    Object.values(metadata).every((value) => typeof value === 'string'),
    'metadata that are texts',
  );
  const names = text.match(/"(?:[^"\\]|\\.)*"(?=:\{)/g) ?? [];
  demand(new Set(names).size === names.length, 'no name twice');
  const data = file.subarray(8 + length);
  const tensors = new Map<string, ReadTensor>();
  let end = 0;
  for (const [name, entry] of Object.entries<Record<string, unknown>>(header)) {
    const keys = Object.keys(entry).sort().join();
    demand(keys === 'data_offsets,dtype,shape', `${name} with dtype, shape and offsets`);
    const { dtype, shape, data_offsets } = entry as {
      dtype: string;
      shape: number[];
      data_offsets: [number, number];
    };
    const size = DTYPES[dtype];
    demand(size !== undefined, `${name} of a dtype that is known`);
    const [from, to] = data_offsets;
    demand(from === end, `${name} right after the one before`);
    demand(from % Number(size) === 0, `${name} aligned to its numbers`);
    const count = shape.reduce((product, n) => product * n, 1);
    demand(to - from === count * Number(size), `${name} as long as its shape says`);
    end = to;
    tensors.set(name, { dtype, shape, bytes: data.subarray(from, to) });
  }
  demand(end === data.length, 'nothing after the last tensor');
  return tensors;
}
