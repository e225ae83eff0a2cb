import { mkdir, open, readFile, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { OptionError } from '@fastweights/core';
import { ifThere, replaceFile, writeAll } from '@fastweights/core/node';
import { guarded } from './image-cache-error.ts';
import {
  bytesPerImage,
  CACHE_FILES,
  type CacheFile,
  type ImageCacheDescription,
} from './image-cache-manifest.ts';

/** Where the images of a cache go while they are made, in order. */
export interface ImageCacheWriter {
  /** Images written so far; not 0 at the start where an interrupted run goes on. */
  readonly size: number;
  /** What the last `checkpoint` was given, in this run or in an interrupted one. */
  readonly position: unknown;
  /** The tags of the images written so far. */
  tags(): Promise<Uint32Array>;
  /** Adds as many images as there are labels; tags are numbers of the maker's, such as identities; 0 without. */
  append(pixels: Uint8Array, labels: ArrayLike<number>, tags?: ArrayLike<number>): Promise<void>;
  /** After a kill, another run goes on from here. `position` is plain data. */
  checkpoint(position: unknown): Promise<void>;
  /** Forgets all images and the position. */
  restart(): Promise<void>;
}

interface ClosingWriter extends ImageCacheWriter {
  close(): Promise<void>;
  /** Closes after a failure, and leaves nothing behind from which no other run could go on. */
  abandon(): Promise<void>;
}

interface Progress {
  readonly optionsHash: string;
  readonly size: number;
  readonly position: unknown;
}

export const PROGRESS = 'progress.json';

export async function openWriter(
  folder: string,
  description: ImageCacheDescription,
): Promise<ClosingWriter> {
  const { side, classes, optionsHash } = description;
  const widths = bytesPerImage(side);
  await mkdir(folder, { recursive: true });
  const progress = await readProgress(folder, description);
  let size = progress?.size ?? 0;
  let position = progress?.position;
  if (!progress) await rm(path.join(folder, PROGRESS), { force: true });
  const handles = await openFiles(folder);
  const at = (file: CacheFile) => handles[CACHE_FILES.indexOf(file)] as (typeof handles)[number];
  const write = (file: CacheFile, bytes: Uint8Array) =>
    writeAll(at(file), bytes, size * widths[file]);
  const cut = () => Promise.all(CACHE_FILES.map((file) => at(file).truncate(size * widths[file])));
  const sync = () => Promise.all(handles.map((handle) => handle.sync()));
  const release = () => Promise.all(handles.map((handle) => handle.close()));
  await cut();

  return {
    get size() {
      return size;
    },
    get position() {
      return position;
    },
    tags: () =>
      guarded(folder, async () => {
        const bytes = new Uint8Array(size * widths['tags.bin']);
        await at('tags.bin').read(bytes, 0, bytes.length, 0);
        return decodeTags(bytes);
      }),
    append: (pixels, labels, tags = new Uint32Array(labels.length)) =>
      guarded(folder, async () => {
        checkImages(pixels.length, labels, tags, side, classes.length);
        await write('images.bin', pixels);
        await write('labels.bin', Uint8Array.from(labels));
        await write('tags.bin', encodeTags(tags));
        size += labels.length;
      }),
    checkpoint: (reached) =>
      guarded(folder, async () => {
        await sync();
        const progress: Progress = { optionsHash, size, position: reached };
        await replaceFile(path.join(folder, PROGRESS), JSON.stringify(progress));
        position = reached;
      }),
    restart: () =>
      guarded(folder, async () => {
        await rm(path.join(folder, PROGRESS), { force: true });
        size = 0;
        position = undefined;
        await cut();
      }),
    async close() {
      await sync();
      await release();
    },
    async abandon() {
      await release();
      if (position !== undefined) return;
      for (const file of CACHE_FILES) await rm(path.join(folder, file), { force: true });
      await rmdir(folder).catch(() => undefined);
    },
  };
}

/** Files for reading and writing, made where they are missing. */
const openFiles = (folder: string) =>
  Promise.all(
    CACHE_FILES.map(async (file) => {
      const name = path.join(folder, file);
      return (await ifThere(open(name, 'r+'))) ?? open(name, 'w+');
    }),
  );

/** Undefined where an interrupted run left nothing to go on from. */
async function readProgress(
  folder: string,
  { side, optionsHash }: ImageCacheDescription,
): Promise<Progress | undefined> {
  const text = await ifThere(readFile(path.join(folder, PROGRESS), 'utf8'));
  if (text === undefined) return undefined;
  const progress = parseProgress(text);
  if (progress?.optionsHash !== optionsHash) return undefined;
  for (const [file, width] of Object.entries(bytesPerImage(side))) {
    const found = await ifThere(stat(path.join(folder, file)));
    if (found === undefined || found.size < progress.size * width) return undefined;
  }
  return progress;
}

function parseProgress(text: string): Progress | undefined {
  try {
    return JSON.parse(text) as Progress;
  } catch {
    return undefined;
  }
}

function checkImages(
  bytes: number,
  labels: ArrayLike<number>,
  tags: ArrayLike<number>,
  side: number,
  classes: number,
): void {
  const expected = `${labels.length} images of ${side}×${side} bytes`;
  if (bytes !== labels.length * side * side) {
    throw new OptionError('pixels', expected, `${bytes} bytes`);
  }
  if (tags.length !== labels.length) {
    throw new OptionError('tags', `as many as labels, ${labels.length}`, `${tags.length}`);
  }
  const wrong = Array.from(labels).find(
    (label) => !(Number.isInteger(label) && label >= 0 && label < classes),
  );
  if (wrong !== undefined) throw new OptionError('a label', `a class below ${classes}`, `${wrong}`);
}

/** Little-endian on every machine. */
function encodeTags(tags: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(4 * tags.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < tags.length; i++) view.setUint32(4 * i, tags[i] as number, true);
  return bytes;
}

export function decodeTags(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint32Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(4 * i, true));
}
