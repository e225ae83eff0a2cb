import { fileURLToPath } from 'node:url';
import { type BackendName, useBackend } from '@fastweights/backends';
import { backend, engine, profile } from '@tensorflow/tfjs-core';
import { fusedKernels } from './kernels.ts';
import { drawInputs, scanCase } from './op-cases.ts';
import { prepare, timeCalls } from './stopwatch.ts';

// One point of growth.ts, in a process of its own.

export interface GrowthPoint {
  readonly batch: number;
  readonly time: number;
  readonly units: number;
  readonly innerSteps: number;
  readonly memory: 'attention' | 'matrix';
  readonly kernels: 'reference' | 'fused';
  readonly backend: string;
}

export interface GrowthResult extends GrowthPoint {
  /** Forward and backward. */
  readonly ms?: number;
  /** The most that tfjs's tensors held at once. */
  readonly peakBytes?: number;
  /** What tfjs's wasm backend has taken. */
  readonly wasmHeap?: number | undefined;
  /** What the process grew by, kernels' own memory and all. */
  readonly resident?: number;
  readonly failure?: string;
}

/** A long call is timed once or twice, a short one often. */
const BUDGET = 500;

async function measure(point: GrowthPoint): Promise<Omit<GrowthResult, keyof GrowthPoint>> {
  await useBackend({ prefer: point.backend as BackendName });
  const kernels = fusedKernels();
  if (point.kernels === 'reference') kernels.remove();
  else if (!kernels.names.includes('FastWeightsScanGrad')) throw new Error('there is no kernel');

  const { batch, time, units, innerSteps, memory } = point;
  const op = scanCase([batch, time, units], { innerSteps, memory });
  // Without inner steps there is no layer norm either, and no gradient of its weights.
  const shapes = innerSteps === 0 ? op.shapes.slice(0, 2) : op.shapes;
  const [fixedGain, fixedBias] = drawInputs({ shapes: op.shapes.slice(2) });
  const inputs = drawInputs({ shapes });
  const run: typeof op.run = (drive, W, gain = fixedGain, bias = fixedBias) =>
    op.run(...[drive, W, gain, bias].flatMap((input) => input ?? []));
  const before = process.resourceUsage().maxRSS;
  const { call } = prepare({ ...op, run }, inputs, 'forward + backward');
  const ms = await timeCalls(call, BUDGET);
  const resident = (process.resourceUsage().maxRSS - before) * 1024;
  const wasmHeap = heapOfWasm();
  return { ms, peakBytes: await peakOf(call), wasmHeap, resident };
}

async function peakOf(call: () => Promise<void>): Promise<number> {
  try {
    await profile(async () => {
      await call();
      return [];
    });
  } catch (error) {
    // At its end tfjs hands what every kernel held to Math.max, as arguments: a long sequence has too many.
    if (!(error instanceof RangeError)) throw error;
  }
  const { kernels } = engine().state.activeProfile;
  return kernels.reduce((most, { totalBytesSnapshot }) => Math.max(most, totalBytesSnapshot), 0);
}

function heapOfWasm(): number | undefined {
  const { wasm } = backend() as { readonly wasm?: { readonly HEAPU8: Uint8Array } };
  return wasm?.HEAPU8.byteLength;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const result = await measure(JSON.parse(process.argv[2] ?? '{}') as GrowthPoint);
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
