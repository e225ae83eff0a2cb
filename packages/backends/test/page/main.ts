import { type Lesson, learn } from './learn.ts';

export interface Lessons {
  readonly isolated: boolean;
  readonly page: Lesson;
  readonly worker: Lesson;
}

// The page asks for wasm by name; the worker takes what is best.
const page = await learn({ prefer: 'wasm' });
const worker = await new Promise<Lesson>((resolve, reject) => {
  const thread = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  thread.onmessage = ({ data }: MessageEvent<Lesson>) => resolve(data);
  thread.onerror = ({ message }) => reject(new Error(message));
});
const lessons: Lessons = { isolated: crossOriginIsolated, page, worker };
const output = document.querySelector('output');
if (output) output.value = JSON.stringify(lessons);
