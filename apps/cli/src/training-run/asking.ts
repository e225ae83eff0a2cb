// A worker thread may tell the main one something and wait until that has been dealt with.

/** How often a worker looks whether it has been answered, in ms. */
const LOOK = 2;

/** How often a worker has been answered; less than never once something went wrong. */
export type Answers = SharedArrayBuffer;

export const noAnswers = (): Answers => new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);

/** To be called by the worker, once for each question: resolves when that has been answered. */
export function waitForAnswer(answers: Answers): () => Promise<void> {
  const answered = new Int32Array(answers);
  let asked = 0;
  const isAnswered = (): boolean => {
    const now = Atomics.load(answered, 0);
    if (now < 0) throw new Error('What was trained could not be kept.');
    return now >= asked;
  };
  return async () => {
    asked++;
    while (!isAnswered()) await new Promise((resolve) => setTimeout(resolve, LOOK));
  };
}

export const answer = (answers: Answers): void => void Atomics.add(new Int32Array(answers), 0, 1);

/** Whoever waits, or comes to ask, fails. */
export const refuseAnswers = (answers: Answers): void =>
  void Atomics.store(new Int32Array(answers), 0, -1);
