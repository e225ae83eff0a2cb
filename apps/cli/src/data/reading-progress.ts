import { count, duration } from '../terminal/format.ts';
import { openFrame } from '../terminal/frame.ts';
import { painter } from '../terminal/style.ts';
import { canDraw } from '../training/training-display.ts';

export interface ReadingProgress {
  show(reached: { readonly files: number; readonly images: number }): void;
  /** Leaves nothing on the screen. */
  close(): void;
}

const SOON_MS = 500;
const BETWEEN_MS = 100;

/** A line on stderr, where that is a terminal, once reading takes longer than a moment. */
export function readingProgress(name: string): ReadingProgress {
  const stream = process.stderr;
  if (!canDraw(stream)) return { show() {}, close() {} };
  const startedAt = performance.now();
  let frame: ReturnType<typeof openFrame> | undefined;
  let nextAt = startedAt + SOON_MS;
  return {
    show({ files, images }) {
      const now = performance.now();
      if (now < nextAt) return;
      nextAt = now + BETWEEN_MS;
      frame ??= openFrame(stream, painter(stream));
      const seconds = (now - startedAt) / 1000;
      const read = `${count(files)} files, ${count(images)} images, ${duration(seconds)}`;
      frame.draw([
        [['strong', `Reading ${name}`], `  ${read}`],
        [['faint', 'Ctrl-C stops; the same command then goes on.']],
      ]);
    },
    close() {
      frame?.draw([]);
      frame?.close();
    },
  };
}
