import { open } from 'node:fs/promises';
import { writeAll } from './durable.ts';

/** A file that only grows. What could not be written whole is not there at all. */
export interface GrowingFile {
  /** Bytes that were appended whole. */
  readonly size: number;
  append(bytes: Uint8Array): Promise<void>;
  /** Answers when all of it is on the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Goes on with a file after its first bytes, and forgets the rest; makes it where there is none. */
export async function appendTo(file: string, from: number): Promise<GrowingFile> {
  const handle = await open(file, from === 0 ? 'w' : 'r+');
  let size = from;
  try {
    await handle.truncate(from);
  } catch (error) {
    await handle.close();
    throw error;
  }
  return {
    get size() {
      return size;
    },
    async append(bytes) {
      try {
        await writeAll(handle, bytes, size);
      } catch (error) {
        await handle.truncate(size).catch(() => undefined);
        throw error;
      }
      size += bytes.length;
    },
    sync: () => handle.sync(),
    close: () => handle.close(),
  };
}
