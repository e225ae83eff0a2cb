import { getBackend, setBackend, type Tensor } from '@tensorflow/tfjs-core';
import { withoutFused } from './fused.ts';

/** Everything about a backend is asked by promise: WebGPU cannot be read otherwise. */
export async function numbers(tensor: Tensor): Promise<number[]> {
  return [...(await tensor.data())];
}

/** Throws unless two arrays agree as a whole: root mean square, relative to what is expected. */
export function close(
  actual: readonly number[],
  expected: readonly number[],
  what: string,
  { relative = 1e-5, absolute = 1e-6 }: { relative?: number; absolute?: number } = {},
): void {
  if (actual.length !== expected.length) {
    throw new Error(`${what}: ${actual.length} numbers instead of ${expected.length}`);
  }
  const rms = (values: readonly number[]): number =>
    Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / Math.max(1, values.length));
  const error = rms(actual.map((x, i) => x - (expected[i] as number)));
  const size = rms(expected);
  const limit = size < 1e-8 ? absolute : relative * size;
  if (!(error <= limit)) {
    const show = (values: readonly number[]): string => values.slice(0, 6).join(', ');
    throw new Error(
      `${what}: an error of ${error}, over ${limit}; ${show(actual)} for ${show(expected)}`,
    );
  }
}

/** Runs the same work on the active backend, watched, and op by op on cpu. */
export async function onBoth<T>(
  work: () => Promise<T>,
  watch = (work: () => Promise<T>): Promise<T> => work(),
): Promise<{ here: T; onCpu: T }> {
  const name = getBackend();
  const here = await watch(work);
  await setBackend('cpu');
  try {
    return { here, onCpu: await withoutFused('cpu', work) };
  } finally {
    await setBackend(name);
  }
}
