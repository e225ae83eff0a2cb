import { IdxError } from './idx.ts';

/** More than any IDX file of images that fits into a program's memory; what goes on beyond is no data set. */
const MOST_BYTES = 2 ** 30;

/**
 * What the bytes of an IDX.gz file hold; bytes that are not compressed stay as they are.
 *
 * @throws IdxError
 */
export async function gunzip(bytes: Uint8Array, source = 'The IDX data'): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const stream = new Blob([bytes as BlobPart])
    .stream()
    .pipeThrough(new DecompressionStream('gzip'));
  const parts: Uint8Array[] = [];
  let size = 0;
  let most = MOST_BYTES;
  try {
    for await (const part of chunksOf(stream)) {
      parts.push(part);
      size += part.length;
      most = Math.min(most, announcedSize(parts[0] as Uint8Array));
      // One byte more is enough to know that there is too much.
      if (size > most) break;
    }
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new IdxError('gzip', source, `is no whole gzip file (${found})`, { cause });
  }
  return join(parts, size);
}

/** Bytes of the file that this header begins; without end, where there is no header. */
function announcedSize(start: Uint8Array): number {
  const rank = start[3] ?? 0;
  const header = 4 * (1 + rank);
  if (rank === 0 || start.length < header) return Infinity;
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const sizes = Array.from({ length: rank }, (_, axis) => view.getUint32(4 * (1 + axis)));
  return sizes.reduce((product, size) => product * size, 1) + header;
}

/** Not the stream itself: Safari's cannot be gone through. */
async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function join(parts: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
