import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { saveWeights } from '@fastweights/core';
import { exportModel, parseAgentConfig, prepareAgent } from '@fastweights/experiments';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from './run-cli.ts';

let folder: string;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'catch-'));
  file = path.join(folder, 'agent.safetensors');
  const config = parseAgentConfig({
    ...{ task: 'catch', data: { source: 'catch', size: 6, visibleFrames: 2 } },
    model: { kind: 'fast-weights', units: 8, hidden: 8 },
  });
  const { agent, dispose } = prepareAgent(config);
  await writeFile(file, exportModel({ config, weights: await saveWeights(agent.weights) }));
  dispose();
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('play', () => {
  it('needs a terminal, and says what does not', async () => {
    const { code, stdout, stderr } = await runCli(['play', 'catch']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^error: A person plays in a terminal.* watch <run> --plain\.\n$/);
  });

  it('knows which games there are', async () => {
    const { code, stderr } = await runCli(['play', 'cathc']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: unknown game 'cathc'\n\(Did you mean catch\?\)/);
  });
});

describe('watch', () => {
  it('prints JSON for machines, the same for the same seed', async () => {
    const args = ['watch', file, '--json', '--episodes', '2', '--seed', '4'];
    const [one, other] = await Promise.all([runCli(args), runCli(args)]);
    expect(one.code, one.stderr).toBe(0);
    expect(other.stdout).toBe(one.stdout);
    const events = one.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map(({ event }) => event)).toEqual(
      [1, 2].flatMap(() => [...Array(5).fill('frame'), 'episode']),
    );
    expect(events[3]).toMatchObject({ frame: 4, isBlank: true });
    expect(events[3].recalled).toHaveLength(4);
  });

  it('prints frames as text where there is no terminal, in fog or through it', async () => {
    const { code, stdout } = await runCli(['watch', file]);
    expect(code).toBe(0);
    expect(stdout).toContain('episode 1, frame 3 of 6, blank\n░░░░░░\n░░░░░░\n░░░░░░\n');
    const revealed = await runCli(['watch', file, '--reveal']);
    expect(revealed.stdout).toMatch(/frame 3 of 6, blank\n░{6}\n░{6}\n░*o░*\n/);
  });

  it('says what is wrong with what it is given', async () => {
    const missing = await runCli(['watch', path.join(folder, 'none')]);
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain('There is no run in');
    const recalled = await runCli(['recall', 'a1??a', '--run', file]);
    expect(recalled.code).toBe(1);
    expect(recalled.stderr).toContain('watch');
  });
});
