import { WeightsError } from './errors.ts';

// The safetensors format: the length of the header as a 64-bit little-endian number, the header as JSON
// (name → dtype, shape, first and last byte), then the numbers. Only float32 is written and read here.

export interface StoredTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export interface Safetensors {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

const METADATA = '__metadata__';
const LENGTH_BYTES = 8;

const corrupt = (why: string): WeightsError =>
  new WeightsError('', `These bytes are no safetensors file: ${why}.`);

export function writeSafetensors(
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  // A map, since a plain object would swallow a weight named `__proto__`.
  const header = new Map<string, unknown>();
  if (Object.keys(metadata).length > 0) header.set(METADATA, metadata);
  let end = 0;
  for (const [name, { shape, values }] of tensors) {
    if (name === METADATA) throw new WeightsError(name, `No weight can be named ${METADATA}.`);
    header.set(name, { dtype: 'F32', shape, data_offsets: [end, end + values.byteLength] });
    end += values.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const headerLength = Math.ceil(json.length / LENGTH_BYTES) * LENGTH_BYTES;
  const bytes = new Uint8Array(LENGTH_BYTES + headerLength + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.fill(' '.charCodeAt(0), LENGTH_BYTES, LENGTH_BYTES + headerLength);
  bytes.set(json, LENGTH_BYTES);
  let at = LENGTH_BYTES + headerLength;
  for (const { values } of tensors.values()) {
    const view = new DataView(bytes.buffer, at);
    values.forEach((value, i) => {
      view.setFloat32(4 * i, value, true);
    });
    at += values.byteLength;
  }
  return bytes;
}

export function readSafetensors(bytes: Uint8Array): Safetensors {
  if (!(bytes instanceof Uint8Array)) throw corrupt('it is no Uint8Array');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < LENGTH_BYTES) throw corrupt('it is shorter than 8 bytes');
  const headerLength = Number(view.getBigUint64(0, true));
  const start = LENGTH_BYTES + headerLength;
  if (start > bytes.length) throw corrupt('its header is longer than the file');
  const header = parseHeader(bytes.subarray(LENGTH_BYTES, start));
  const tensors = new Map<string, StoredTensor>();
  let metadata: Record<string, string> = {};
  const ranges: { from: number; to: number }[] = [];
  for (const [name, entry] of Object.entries(header)) {
    if (name === METADATA) {
      metadata = parseMetadata(entry);
      continue;
    }
    const { shape, from, to } = parseEntry(name, entry);
    if (start + to > bytes.length) throw corrupt(`it ends before the last number of ${name}`);
    const values = Float32Array.from({ length: (to - from) / 4 }, (_, i) =>
      view.getFloat32(start + from + 4 * i, true),
    );
    tensors.set(name, { shape, values });
    ranges.push({ from, to });
  }
  checkRanges(ranges, bytes.length - start);
  return { tensors, metadata };
}

/** Each tensor begins where another ends: no holes, no byte twice, none left over. */
function checkRanges(ranges: { from: number; to: number }[], length: number): void {
  let end = 0;
  for (const { from, to } of ranges.sort((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== end) throw corrupt('its tensors overlap or leave bytes out');
    end = to;
  }
  if (end !== length) throw corrupt('bytes are left over at its end');
}

function parseMetadata(entry: unknown): Record<string, string> {
  const isRecord = typeof entry === 'object' && entry !== null && !Array.isArray(entry);
  if (!isRecord || Object.values(entry).some((value) => typeof value !== 'string')) {
    throw corrupt('its metadata are not texts by name');
  }
  return entry as Record<string, string>;
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw corrupt('its header is not JSON');
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) {
    throw corrupt('its header is not a JSON object');
  }
  return header as Record<string, unknown>;
}

function parseEntry(name: string, entry: unknown): { shape: number[]; from: number; to: number } {
  const { dtype, shape, data_offsets } = (entry ?? {}) as Record<string, unknown>;
  if (dtype !== 'F32') {
    const found = typeof dtype === 'string' ? dtype : 'of no dtype';
    throw corrupt(`${name} is ${found}, and only F32 is read`);
  }
  if (!isSizes(shape) || !isSizes(data_offsets) || data_offsets.length !== 2) {
    throw corrupt(`the entry of ${name} has no valid shape and offsets`);
  }
  const [from, to] = data_offsets as [number, number];
  const size = shape.reduce((product, n) => product * n, 1);
  if (to - from !== 4 * size) throw corrupt(`${name} has a shape that does not fit its bytes`);
  return { shape, from, to };
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}
