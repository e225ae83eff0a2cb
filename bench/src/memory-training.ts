import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { useBackend } from '@fastweights/backends';
import { associativeRetrieval } from '@fastweights/datasets';
import { fastWeightsRetrievalModel, retrievalConfig } from '@fastweights/experiments';
import { adam, trainSupervised } from '@fastweights/trainers';
import { openRun } from '@fastweights/trainers/runs';
import { backend, memory } from '@tensorflow/tfjs-core';
import type { MemorySample } from './memory-samples.ts';

// A long training of associative retrieval on wasm as `reproduce` does it: validated, reported and saved in a run directory.

export interface MemoryTraining {
  readonly units: number;
  readonly minutes: number;
  /** Between two samples. */
  readonly every: number;
  readonly validateEvery: number;
  onSample?(sample: MemorySample): void;
}

export interface MemoryHeld {
  readonly samples: readonly MemorySample[];
  readonly updates: number;
  readonly validations: number;
  /** The numbers of tensors that were counted at all validations, each once. */
  readonly tensorsAtValidations: readonly number[];
  /** Tensors that were there after all was disposed of, and not before. */
  readonly tensorsLeft: number;
}

/** Trains for so long, and looks at the memory after validations. */
export async function trainAndLook(options: MemoryTraining): Promise<MemoryHeld> {
  await useBackend({ prefer: 'wasm' });
  const before = memory().numTensors;
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-memory-'));
  try {
    const held = await train(options, path.join(folder, 'run'));
    return { ...held, tensorsLeft: memory().numTensors - before };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function train(
  { units, minutes, every, validateEvery, onSample }: MemoryTraining,
  directory: string,
): Promise<Omit<MemoryHeld, 'tensorsLeft'>> {
  const config = { ...retrievalConfig, units };
  const model = fastWeightsRetrievalModel(config);
  const optimizer = adam(model.weights, { learningRate: config.stepSize });
  const { training, validation } = associativeRetrieval({ pairs: config.pairs, seed: config.seed });
  const run = await openRun(directory, { config, hash: 'memory', create: true });
  const samples: MemorySample[] = [];
  const counted = new Set<number>();
  let validations = 0;
  const enough = new AbortController();
  const start = performance.now();
  const look = (updates: number): void => {
    counted.add(memory().numTensors);
    validations++;
    const passed = (performance.now() - start) / 60_000;
    if (passed >= minutes) enough.abort();
    if (passed < (samples.at(-1)?.minutes ?? 0) + every) return;
    const sample = sampleAt(passed, updates);
    samples.push(sample);
    onSample?.(sample);
  };
  try {
    const { updates } = await trainSupervised({
      model,
      optimizer,
      training,
      validation,
      ...{ batchSize: config.batchSize, validateEvery, reportEvery: Math.ceil(validateEvery / 10) },
      maxUpdates: Number.MAX_SAFE_INTEGER,
      signal: enough.signal,
      onState: run.saveCheckpoint,
      async onProgress(progress) {
        await run.report(progress);
        if (progress.validationError !== undefined && !progress.offSchedule) look(progress.update);
      },
    });
    return { samples, updates, validations, tensorsAtValidations: [...counted] };
  } finally {
    await run.close();
    optimizer.dispose();
    model.dispose();
  }
}

function sampleAt(minutes: number, updates: number): MemorySample {
  globalThis.gc?.();
  const { numTensors, numBytes } = memory();
  const { wasm } = backend() as unknown as { readonly wasm: { readonly HEAPU8: Uint8Array } };
  const { rss, heapUsed } = process.memoryUsage();
  return {
    ...{ minutes, updates, tensors: numTensors, tensorBytes: numBytes },
    ...{ wasmBytes: wasm.HEAPU8.byteLength, residentBytes: rss },
    ...(globalThis.gc && { heapBytes: heapUsed }),
  };
}
