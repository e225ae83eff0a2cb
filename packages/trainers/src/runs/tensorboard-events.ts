import { maskedCrc32c } from './crc32c.ts';
import { bytesField, doubleField, floatField, join, varintField } from './protobuf.ts';

// TensorBoard's event files: TFRecords (length, its checksum, data, their checksum), each with one `Event` message.
// Field numbers are those of tensorflow/core/util/event.proto and framework/summary.proto.

const EVENT = { wallTime: 1, step: 2, fileVersion: 3, summary: 5, sessionLog: 7 } as const;
const SUMMARY_VALUE = 1;
const VALUE = { tag: 1, simpleValue: 2 } as const;
const SESSION = { status: 1, start: 1 } as const;

/** What an event file begins with. */
export const fileVersion = (seconds: number): Uint8Array =>
  record([doubleField(EVENT.wallTime, seconds), bytesField(EVENT.fileVersion, 'brain.Event:2')]);

/** Tells TensorBoard to forget what earlier files of this run say of this step and later ones. */
export const goesOnFrom = (seconds: number, step: number): Uint8Array =>
  record([
    doubleField(EVENT.wallTime, seconds),
    varintField(EVENT.step, step),
    bytesField(EVENT.sessionLog, varintField(SESSION.status, SESSION.start)),
  ]);

/** Numbers by their tags, at one step. */
export const scalars = (
  seconds: number,
  step: number,
  values: ReadonlyMap<string, number>,
): Uint8Array =>
  record([
    doubleField(EVENT.wallTime, seconds),
    varintField(EVENT.step, step),
    bytesField(
      EVENT.summary,
      join(
        [...values].map(([tag, value]) =>
          bytesField(
            SUMMARY_VALUE,
            join([bytesField(VALUE.tag, tag), floatField(VALUE.simpleValue, value)]),
          ),
        ),
      ),
    ),
  ]);

function record(event: readonly Uint8Array[]): Uint8Array {
  const data = join(event);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(data.length), true);
  return join([length, checksum(length), data, checksum(data)]);
}

function checksum(bytes: Uint8Array): Uint8Array {
  const sum = new Uint8Array(4);
  new DataView(sum.buffer).setUint32(0, maskedCrc32c(bytes), true);
  return sum;
}
