import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { loadWeights, readSafetensors, walkWeights } from '@fastweights/core';
import { importModel, parseConfig, restoreExperiment } from '@fastweights/experiments';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from './run-cli.ts';

const TIMEOUT = 180_000;
const run = promisify(execFile);

let folder = '';
let directory = '';
let file = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fastweights-export-'));
  directory = path.join(folder, 'run');
  file = path.join(folder, 'model.safetensors');
  const sizes = ['sizes.validation=300', 'sizes.test=700'];
  const tiny = ['--backend', 'wasm', '--updates', '30', '--units', '8', '--set', ...sizes];
  await runCli(['train', 'retrieval', '--out', directory, ...tiny]);
  const exported = await runCli(['export', directory, file]);
  expect(exported).toMatchObject({ code: 0, stderr: '' });
  expect(exported.stdout).toContain(`fastweights recall "j0a5s5z2??a" --run ${file}`);
}, TIMEOUT);

afterAll(() => rm(folder, { recursive: true, force: true }));

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** Written from the format's specification, as strict as it. */
function strictRead(bytes: Buffer): {
  entries: Map<string, Entry>;
  metadata: object;
  data: Buffer;
} {
  expect(bytes.length).toBeGreaterThan(8);
  const length = bytes.readBigUInt64LE(0);
  expect(length).toBeLessThanOrEqual(100_000_000n);
  const data = bytes.subarray(8 + Number(length));
  const text = bytes.subarray(8, 8 + Number(length)).toString('utf8');
  expect(text.startsWith('{')).toBe(true);
  expect(text.trimEnd().endsWith('}')).toBe(true);
  expect(text.slice(text.trimEnd().length)).toMatch(/^ *$/);
  const { __metadata__: metadata, ...rest } = JSON.parse(text);
  for (const value of Object.values(metadata)) expect(typeof value).toBe('string');
  const entries = new Map(Object.entries(rest) as [string, Entry][]);
  let end = 0;
  for (const { dtype, shape, data_offsets } of [...entries.values()].sort(
    (a, b) => a.data_offsets[0] - b.data_offsets[0],
  )) {
    expect(dtype).toBe('F32');
    expect(data_offsets[0]).toBe(end);
    end = data_offsets[1];
    expect(end - data_offsets[0]).toBe(4 * shape.reduce((a, b) => a * b, 1));
  }
  expect(end).toBe(data.length);
  return { entries, metadata, data };
}

describe('export', { timeout: TIMEOUT }, () => {
  it('writes what a strict reader reads, number by number', async () => {
    const { entries, metadata, data } = strictRead(await readFile(file));
    expect(metadata).toMatchObject({
      format: 'fastweights model',
      task: 'retrieval',
      model: 'fast-weights',
      software: expect.stringMatching(/^fastweights \d/),
    });
    const config = parseConfig(JSON.parse((metadata as { config: string }).config));
    expect(config).toMatchObject({ model: { units: 8 }, training: { maxUpdates: 30 } });
    const stored = readSafetensors(
      new Uint8Array(await readFile(path.join(directory, 'weights.safetensors'))),
    );
    expect([...entries.keys()]).toEqual([...stored.tensors.keys()]);
    for (const [name, { shape, values }] of stored.tensors) {
      const entry = entries.get(name) as Entry;
      expect(entry.shape).toEqual(shape);
      const [from] = entry.data_offsets;
      values.forEach((value, i) => {
        if (data.readFloatLE(from + 4 * i) !== value) throw new Error(`${name} ${i} differs`);
      });
    }
  });

  it('comes back as the same model', async () => {
    const model = importModel(new Uint8Array(await readFile(file)));
    const experiment = restoreExperiment(model);
    expect([...walkWeights(experiment.model.weights)]).toHaveLength(11);
    loadWeights(
      experiment.model.weights,
      new Uint8Array(await readFile(path.join(directory, 'weights.safetensors'))),
    );
    experiment.dispose();
    const [ofRun, ofFile] = await Promise.all(
      [directory, file].map((place) => runCli(['recall', 'j0a5s5z2??a', '--json', '--run', place])),
    );
    expect(ofFile).toMatchObject({ code: 0, stderr: '' });
    // Two processes may take different backends, which round differently.
    const [first, second] = [ofRun, ofFile].map((ended) => JSON.parse(ended?.stdout ?? ''));
    expect(second.probabilities).toHaveLength(10);
    for (const [i, probability] of second.probabilities.entries()) {
      expect(probability).toBeCloseTo(first.probabilities[i], 5);
    }
  });

  it('does not replace a file unless it is told to, nor writes what is no run', async () => {
    const taken = path.join(folder, 'taken.safetensors');
    await writeFile(taken, 'mine');
    const refused = await runCli(['export', directory, taken]);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('--force');
    expect(await readFile(taken, 'utf8')).toBe('mine');
    const none = await runCli(['export', folder, path.join(folder, 'none.safetensors')]);
    expect(none.code).toBe(1);
    expect(none.stderr).toMatch(/^error: .* is no run directory/);
  });

  it('is read by Python as the README shows', async ({ skip }) => {
    const found = await run('python3', ['-c', 'import numpy, safetensors.numpy']).catch(() => null);
    if (!found) skip('python3 with numpy and safetensors is not there');
    const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
    const [, script = ''] = /```python\n([\s\S]*?)```/.exec(readme) ?? [];
    expect(script.trimEnd().split('\n').length).toBeLessThanOrEqual(10);
    const { stdout } = await run('python3', ['-c', script, file]);
    expect(stdout).toContain('retrieval fast-weights 8');
    expect(stdout).toContain('cell.recurrentKernel (8, 8) float32');
  });
});

describe('evaluate', { timeout: TIMEOUT }, () => {
  it('finds the errors that the run has found', async () => {
    const { result } = JSON.parse(await readFile(path.join(directory, 'result.json'), 'utf8'));
    const test = await runCli(['evaluate', directory, '--json', '--backend', 'wasm']);
    expect(test).toMatchObject({ code: 0, stderr: '' });
    const { error, examples, loss, confusion } = JSON.parse(test.stdout);
    expect(error).toBe(result.testError);
    expect(examples).toBe(700);
    expect(loss).toBeGreaterThan(1.5);
    expect(loss).toBeLessThan(3);
    const counts = confusion as number[][];
    expect(counts.flat().reduce((sum, value) => sum + value, 0)).toBe(700);
    const right = counts.reduce((sum, row, i) => sum + (row[i] ?? 0), 0);
    expect((700 - right) / 700).toBeCloseTo(result.testError, 12);

    const validation = await runCli([
      ...['evaluate', file, '--data', 'validation', '--backend', 'wasm'],
    ]);
    expect(validation).toMatchObject({ code: 0, stderr: '' });
    const best = (100 * result.best.validationError).toFixed(2);
    expect(validation.stdout).toContain(`Validation error ${best} %: `);
    expect(validation.stdout).toContain('wrong of 300. Loss ');
  });

  it('says how to train where there is nothing', async () => {
    const none = path.join(folder, 'nowhere');
    const { code, stderr } = await runCli(['evaluate', none]);
    expect(code).toBe(1);
    expect(stderr).toContain(`There is no run in ${none}. What there is:`);
  });
});
