import { describe, expect, it } from 'vitest';
import { wrap } from '../src/terminal/wrap.ts';
import { runCli, runShell } from './run-cli.ts';

describe('doctor', { timeout: 60_000 }, () => {
  it('shows every backend, what is taken, and what to do about the others', async () => {
    const { code, stdout, stderr } = await runCli(['doctor']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^What can compute here/);
    for (const name of ['tensorflow', 'webgpu', 'wasm', 'cpu']) {
      expect(stdout, name).toMatch(new RegExp(`^${name} `, 'm'));
    }
    expect(stdout).toMatch(/^wasm +[\d.]+ ms, fused kernels, self-test passed/m);
    expect(stdout.match(/← taken/g)).toHaveLength(1);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  it('answers machines in JSON', async () => {
    const { code, stdout } = await runCli(['doctor', '--json']);
    expect(code).toBe(0);
    const { taken, backends } = JSON.parse(stdout);
    expect(backends.map(({ name }: { name: string }) => name)).toEqual([
      'tensorflow',
      'webgpu',
      'wasm',
      'cpu',
    ]);
    const works = backends.filter((backend: { works: boolean }) => backend.works);
    expect(works.map(({ name }: { name: string }) => name)).toContain(taken);
    for (const backend of works) expect(backend.milliseconds).toBeGreaterThan(0);
    for (const { works, refusal } of backends) expect(works || refusal.cure.length > 0).toBe(true);
  });

  it('exits quietly when nobody reads on', async () => {
    const { stderr } = await runShell('$CLI doctor | head -1');
    expect(stderr).toBe('');
  });
});

describe('wrap', () => {
  it('breaks between words only', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrap('incomprehensibilities are long', 5)).toEqual([
      'incomprehensibilities',
      'are',
      'long',
    ]);
    expect(wrap('', 5)).toEqual([]);
  });
});
