/** What a training holds at a moment at which nothing is being computed: after a validation. */
export interface MemorySample {
  readonly minutes: number;
  readonly updates: number;
  /** Of tfjs. */
  readonly tensors: number;
  readonly tensorBytes: number;
  /** What tfjs's wasm backend has taken; it is never given back. */
  readonly wasmBytes: number;
  /** Of the process, as its system counts it. */
  readonly residentBytes: number;
  /** Of JavaScript's objects after a collection; missing where none can be asked for. */
  readonly heapBytes?: number;
}

/** What grew in the second half of a training, along the line of least squares; `bound` is what we still call flat. */
export interface Growth {
  readonly what: 'tensors' | 'tensor bytes' | 'wasm memory' | 'JavaScript heap' | 'resident memory';
  readonly grown: number;
  readonly bound: number;
}

const MIB = 2 ** 20;

/**
 * Tensors and their bytes are counted, and wasm memory is never given back: no tolerance. Nothing that leaks in the heap of
 * JavaScript is much smaller than a hundred bytes with what refers to it: a byte for each update, if it leaks in every
 * validation; a MiB is for the code that V8 goes on compiling for minutes. The system counts pages, which V8's young
 * generation (16 MiB, and as much again while it is copied) and malloc take and give back in their own time; malloc's
 * smallest block is 32 bytes, and the bound is half of one for each update.
 */
const measures: readonly {
  readonly what: Growth['what'];
  of(sample: MemorySample): number | undefined;
  bound(updates: number): number;
}[] = [
  { what: 'tensors', of: ({ tensors }) => tensors, bound: () => 0 },
  { what: 'tensor bytes', of: ({ tensorBytes }) => tensorBytes, bound: () => 0 },
  { what: 'wasm memory', of: ({ wasmBytes }) => wasmBytes, bound: () => 0 },
  {
    what: 'JavaScript heap',
    of: ({ heapBytes }) => heapBytes,
    bound: (updates) => updates + MIB,
  },
  {
    what: 'resident memory',
    of: ({ residentBytes }) => residentBytes,
    bound: (updates) => 16 * updates + 32 * MIB,
  },
];

/** What was measured at every sample of the second half, at least two of them. */
export function growths(samples: readonly MemorySample[]): Growth[] {
  const half = samples.slice(Math.min(samples.length >> 1, samples.length - 2));
  const xs = half.map(({ updates }) => updates);
  const updates = Math.max(...xs) - Math.min(...xs);
  return measures.flatMap(({ what, of, bound }) => {
    const ys = half.map(of).filter((value) => value !== undefined);
    if (ys.length < half.length || half.length < 2) return [];
    const isExact = bound(updates) === 0;
    const grown = isExact ? Math.max(...ys) - Math.min(...ys) : slope(xs, ys) * updates;
    return [{ what, grown, bound: bound(updates) }];
  });
}

/** Of the line of least squares through the points. */
function slope(xs: readonly number[], ys: readonly number[]): number {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x0, y0] = [mean(xs), mean(ys)];
  const products = xs.map((x, i) => (x - x0) * ((ys[i] as number) - y0));
  return mean(products) / mean(xs.map((x) => (x - x0) ** 2));
}
