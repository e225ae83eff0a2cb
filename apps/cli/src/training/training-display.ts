import type { ImageProgress } from '@fastweights/experiments/node';
import type { Progress } from '@fastweights/trainers';
import type { Answer } from '../answers.ts';
import { paced } from '../paced.ts';
import { count } from '../terminal/format.ts';
import { openFrame, roomOf } from '../terminal/frame.ts';
import { painter } from '../terminal/style.ts';
import { trainingFrame } from './training-frame.ts';
import { afterProgress, type TrainingState } from './training-state.ts';

export interface TrainingDisplay {
  /** Images are made or read, and training has not begun. */
  images(progress: ImageProgress): void;
  progress(progress: Progress): unknown;
  /** Training is over. */
  test(): void;
  notice(text: string): void;
  /** How to learn what the model answers just now, where it can be asked. */
  asks(ask: () => Promise<Answer[]>): unknown;
  /** The picture or the table ends here; what follows is ordinary text. */
  close(): void;
}

/** Whether there is a terminal that can draw, and nobody asked for less. */
export function canDraw(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv = process.env): boolean {
  return stream.isTTY === true && env['TERM'] !== 'dumb' && !env['CI'];
}

/** How many ms there are between two pictures: nobody sees more, and asking takes its time. */
const BETWEEN = 40;

/** A picture that is drawn again in place. */
export function liveDisplay(start: TrainingState, testing: string): TrainingDisplay {
  const stream = process.stdout;
  const frame = openFrame(stream, painter(stream));
  const isDue = paced(BETWEEN);
  let startedAt = performance.now();
  let state = start;
  let preparing: string | undefined;
  let ask = async (): Promise<Answer[]> => [];
  const draw = (): void => {
    const shown = preparing === undefined ? state : { ...state, notice: preparing };
    frame.draw(trainingFrame(shown, roomOf(stream)));
  };
  const notice = (text: string): void => {
    state = { ...state, notice: text };
    draw();
  };
  stream.on('resize', draw);
  draw();
  return {
    images(progress) {
      startedAt = performance.now();
      preparing = imagesText(progress);
      if (isDue()) draw();
    },
    async asks(asking) {
      ask = asking;
      state = { ...state, answers: await ask() };
      draw();
    },
    async progress(progress) {
      preparing = undefined;
      state = afterProgress(state, progress, (performance.now() - startedAt) / 1000);
      if (progress.validationError === undefined && !isDue()) return;
      state = { ...state, answers: await ask() };
      draw();
    },
    test: () => notice(testing),
    notice,
    close() {
      stream.off('resize', draw);
      state = { ...state, answers: [], notice: '' };
      preparing = undefined;
      draw();
      frame.close();
    },
  };
}

/** Such as `Rendering images: 1,200 of 26,286`. */
export function imagesText({ kind, images, of }: ImageProgress): string {
  const doing = kind === 'rendering' ? 'Rendering' : 'Reading';
  return `${doing} images: ${count(images)}${of === undefined ? '' : ` of ${count(of)}`}`;
}
