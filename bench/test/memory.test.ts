import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { scalar } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { growths, type MemorySample } from '../src/memory-samples.ts';
import { trainAndLook } from '../src/memory-training.ts';

const MIB = 2 ** 20;

/** An hour at 500 updates a second, a sample each minute. */
const hour = (at: (minute: number, updates: number) => Partial<MemorySample>): MemorySample[] =>
  Array.from({ length: 60 }, (_, i) => ({
    ...{ minutes: i, updates: i * 30_000, tensors: 39, tensorBytes: 700_000 },
    ...{ wasmBytes: 16 * MIB, residentBytes: 190 * MIB, heapBytes: 26 * MIB },
    ...at(i, i * 30_000),
  }));

const faults = (samples: readonly MemorySample[]): string[] =>
  growths(samples).flatMap(({ what, grown, bound }) => (grown > bound ? [what] : []));

describe('memory over an hour', () => {
  it('is flat when it comes and goes, and when it grew while warming up', () => {
    const samples = hour((minute) => ({
      wasmBytes: (minute < 5 ? 16 : 32) * MIB,
      heapBytes: 26 * MIB + (minute % 2) * 200_000,
      residentBytes: (190 + 10 * (minute % 3)) * MIB,
    }));
    expect(growths(samples)).toHaveLength(5);
    expect(faults(samples)).toEqual([]);
    expect(growths(samples)[0]).toEqual({ what: 'tensors', grown: 0, bound: 0 });
  });

  it.each([
    ['tensors', (minute: number) => ({ tensors: minute < 59 ? 39 : 40 })],
    ['tensors', (minute: number) => ({ tensors: minute === 40 ? 38 : 39 })],
    ['tensor bytes', (minute: number) => ({ tensorBytes: 700_000 + (minute > 40 ? 4 : 0) })],
    ['wasm memory', (minute: number) => ({ wasmBytes: (minute < 50 ? 16 : 17) * MIB })],
    // Two numbers in a list, for each update.
    ['JavaScript heap', (_: number, updates: number) => ({ heapBytes: 26 * MIB + 16 * updates })],
    // An object of four hundred bytes for each validation.
    [
      'JavaScript heap',
      (minute: number, updates: number) => ({
        heapBytes: 26 * MIB + 4 * updates + (minute % 2) * 200_000,
      }),
    ],
    // The smallest block of malloc, for each update.
    [
      'resident memory',
      (_: number, updates: number) => ({ residentBytes: 190 * MIB + 64 * updates }),
    ],
  ])('finds a leak: %s', (what, leak) => {
    expect(faults(hour(leak))).toEqual([what]);
  });

  it('says nothing of a heap that was not looked at, nor of a single sample', () => {
    const samples = hour(() => ({})).map(({ heapBytes: _, ...rest }) => rest);
    expect(growths(samples).map(({ what }) => what)).not.toContain('JavaScript heap');
    expect(growths(samples.slice(0, 1))).toEqual([]);
  });
});

describe('a training', () => {
  it('that leaks a tensor is seen to', async () => {
    const kept: unknown[] = [];
    const { samples, tensorsAtValidations, tensorsLeft } = await trainAndLook({
      ...{ units: 20, minutes: 0.05, every: 0.01, validateEvery: 10 },
      onSample: () => kept.push(scalar(1)),
    });
    expect(tensorsAtValidations.length).toBeGreaterThanOrEqual(kept.length);
    expect(tensorsLeft).toBe(kept.length);
    expect(faults(samples)).toContain('tensors');
  });

  it('of some seconds holds as many tensors at every validation, and no more of wasm', async () => {
    const program = fileURLToPath(new URL('../src/memory.ts', import.meta.url));
    const flags = ['--expose-gc', '--import', import.meta.resolve('tsx')];
    const child = spawn(process.execPath, [
      ...flags,
      '--conditions=@fastweights/source',
      ...[program, '--minutes', '0.1', '--units', '20'],
    ]);
    let told = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text) => {
        told += text;
      });
    }
    const [code] = await once(child, 'close');
    expect(told).toMatch(/validations; tensors at each of them: \d+; left over: 0\./);
    expect(told).toMatch(/^ {2}wasm memory +0\.00 MiB \(0\.00 MiB\)$/m);
    expect(code, told).toBe(0);
  });
});
