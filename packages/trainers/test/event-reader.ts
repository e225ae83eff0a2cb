// A reader of TensorBoard's event files that shares nothing with the writer: a bitwise CRC, and fields by their numbers.

export interface ReadEvent {
  readonly wallTime: number;
  readonly step: number;
  readonly fileVersion?: string;
  readonly sessionStatus?: number;
  readonly scalars: Readonly<Record<string, number>>;
}

/** Throws on a wrong checksum, a torn record or an unknown field. */
export function readEvents(bytes: Uint8Array): ReadEvent[] {
  const events: ReadEvent[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length; ) {
    const length = Number(view.getBigUint64(at, true));
    expectChecksum(bytes.subarray(at, at + 8), view.getUint32(at + 8, true));
    const data = bytes.subarray(at + 12, at + 12 + length);
    expectChecksum(data, view.getUint32(at + 12 + length, true));
    events.push(readEvent(data));
    at += 16 + length;
  }
  return events;
}

function readEvent(data: Uint8Array): ReadEvent {
  let event: ReadEvent = { wallTime: Number.NaN, step: 0, scalars: {} };
  for (const { field, value } of readFields(data)) {
    if (field === 1) event = { ...event, wallTime: value as number };
    else if (field === 2) event = { ...event, step: value as number };
    else if (field === 3) event = { ...event, fileVersion: text(value) };
    else if (field === 5) event = { ...event, scalars: readSummary(value as Uint8Array) };
    else if (field === 7) event = { ...event, sessionStatus: readStatus(value as Uint8Array) };
    else throw new Error(`field ${field} of an event`);
  }
  return event;
}

function readSummary(data: Uint8Array): Record<string, number> {
  const scalars: Record<string, number> = {};
  for (const { field, value } of readFields(data)) {
    if (field !== 1) throw new Error(`field ${field} of a summary`);
    const [tag, number, ...rest] = readFields(value as Uint8Array);
    if (tag?.field !== 1 || number?.field !== 2 || rest.length > 0) throw new Error('a value');
    scalars[text(tag.value)] = number.value as number;
  }
  return scalars;
}

function readStatus(data: Uint8Array): number {
  const [status, ...rest] = readFields(data);
  if (status?.field !== 1 || rest.length > 0) throw new Error('a session log');
  return status.value as number;
}

interface Field {
  readonly field: number;
  readonly value: number | Uint8Array;
}

function readFields(data: Uint8Array): Field[] {
  const fields: Field[] = [];
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let at = 0;
  const varint = (): number => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = view.getUint8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(value);
    }
  };
  const skip = <Value>(bytes: number, value: Value): Value => {
    at += bytes;
    return value;
  };
  while (at < data.length) {
    const key = varint();
    const read: Record<number, () => number | Uint8Array> = {
      0: varint,
      1: () => skip(8, view.getFloat64(at, true)),
      2: () => {
        const length = varint();
        if (at + length > data.length) throw new Error('a field longer than its message');
        return skip(length, data.subarray(at, at + length));
      },
      5: () => skip(4, view.getFloat32(at, true)),
    };
    const value = read[key & 7]?.();
    if (value === undefined) throw new Error(`wire type ${key & 7}`);
    fields.push({ field: key >> 3, value });
  }
  return fields;
}

function expectChecksum(bytes: Uint8Array, masked: number): void {
  let crc = 0xffffffffn;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = (crc >> 1n) ^ (crc & 1n ? 0x82f63b78n : 0n);
  }
  crc ^= 0xffffffffn;
  const rotated = ((crc >> 15n) | (crc << 17n)) & 0xffffffffn;
  const expected = (rotated + 0xa282ead8n) & 0xffffffffn;
  if (BigInt(masked) !== expected) throw new Error('a wrong checksum');
}

const text = (value: number | Uint8Array): string => new TextDecoder().decode(value as Uint8Array);
