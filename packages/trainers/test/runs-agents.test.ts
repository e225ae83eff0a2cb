import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AgentProgress, AgentState } from '../src/index.ts';
import { listRuns, openRun, type RefusedCheckpoint, type Run, readRun } from '../src/runs/index.ts';
import { readEvents } from './event-reader.ts';
import { filesIn, options, stateOf, temporaryFolder, weightsOf, whileOpen } from './runs-kit.ts';

const folder = temporaryFolder();
const place = (): string => path.join(folder(), 'figure5', 'lstm');

const progressAt = (frames: number): AgentProgress => ({
  frames,
  updates: frames / 240,
  episodes: frames / 15,
  meanReward: -0.5,
  loss: 0.25,
  policyLoss: 0.125,
  valueLoss: 0.5,
  entropy: Math.log(3),
  gradientNorm: 2,
});

const agentStateOf = (frames: number): AgentState => ({
  frames,
  updates: frames / 240,
  episodes: frames / 15,
  weights: weightsOf(frames),
  optimizer: weightsOf(frames + 0.5),
  sums: {
    reported: frames - 100,
    updates: 1,
    episodes: 2,
    rewards: -0,
    loss: Number.NaN,
    policyLoss: 0.1 + 0.2,
    valueLoss: 0,
    entropy: 1,
  },
  worlds: {
    environment: [{ ball: [3, 4], paddle: 2, stream: [1, -2, 3, 4] }],
    seed: 2 ** 31 - 1,
    rollouts: frames / 240,
    memory: weightsOf(-frames),
    returns: [0, -1],
  },
});

async function whileAgentOpens<Value>(work: (run: Run<'agent'>) => Promise<Value>): Promise<Value> {
  const run = await openRun<'agent'>(place(), options);
  try {
    return await work(run);
  } finally {
    await run.close();
  }
}

describe('a run of an agent', () => {
  it('gives the state back exactly, from checkpoints that are named by their frames', async () => {
    await whileAgentOpens(async (run) => {
      for (const frames of [240, 480, 960]) await run.saveCheckpoint(agentStateOf(frames));
    });
    expect(filesIn(path.join(place(), 'checkpoints'))).toEqual(
      ['2-frames-480', '3-frames-960'].flatMap((name) => [
        name,
        ...['optimizer', 'state.json', 'weights', 'worlds-memory'].map((file) =>
          path.join(name, file.includes('.') ? file : `${file}.safetensors`),
        ),
      ]),
    );
    const manifest = await readFile(
      path.join(place(), 'checkpoints', '3-frames-960', 'state.json'),
      'utf8',
    );
    expect(JSON.parse(manifest)).toMatchObject({ schema: 1, frames: 960 });
    expect(JSON.parse(manifest)).not.toHaveProperty('update');
    expect(await whileAgentOpens((run) => run.latestCheckpoint())).toEqual(agentStateOf(960));
  });

  it('has its weights read from its last checkpoint, and from the finished run', async () => {
    await whileAgentOpens((run) => run.saveCheckpoint(agentStateOf(480)));
    expect(await (await readRun(place())).weights()).toEqual(weightsOf(480));
    await whileAgentOpens((run) => run.finish({ meanReward: 1 }, weightsOf(7)));
    const record = await readRun(place());
    expect(record).toMatchObject({ state: 'finished', result: { meanReward: 1 } });
    expect(await record.weights()).toEqual(weightsOf(7));
    expect(filesIn(path.join(place(), 'checkpoints'))).toEqual([]);
  });

  it('passes over a checkpoint that is damaged', async () => {
    const refused: RefusedCheckpoint[] = [];
    await whileAgentOpens(async (run) => {
      await run.saveCheckpoint(agentStateOf(240));
      await run.saveCheckpoint(agentStateOf(480));
    });
    const memory = path.join(place(), 'checkpoints', '2-frames-480', 'worlds-memory.safetensors');
    await writeFile(memory, (await readFile(memory)).subarray(0, -1));
    const found = await whileAgentOpens((run) => run.latestCheckpoint((one) => refused.push(one)));
    expect(found?.frames).toBe(240);
    expect(refused).toMatchObject([
      { problem: 'damaged', reason: expect.stringMatching(/memory/) },
    ]);
  });

  it('has metrics over frames, and forgets those after the checkpoint it goes on from', async () => {
    await whileAgentOpens(async (run) => {
      await run.report(progressAt(240));
      await run.report(progressAt(480));
      await run.saveCheckpoint(agentStateOf(480));
      await run.report({ ...progressAt(720), meanReward: Number.NaN });
    });
    const before = await (await readRun(place())).metrics<'agent'>();
    expect(before.map(({ frames, meanReward }) => [frames, meanReward])).toEqual([
      [240, -0.5],
      [480, -0.5],
      [720, Number.NaN],
    ]);
    expect(before[0]).toEqual({ ...progressAt(240), time: expect.any(String) });
    expect(before[1]?.framesPerSecond).toBeGreaterThan(0);
    expect(before[1]).not.toHaveProperty('updatesPerSecond');
    await whileAgentOpens((run) => run.report(progressAt(960)));
    const after = await (await readRun(place())).metrics<'agent'>();
    expect(after.map(({ frames }) => frames)).toEqual([240, 480, 960]);
  });

  it('shows TensorBoard its scalars at their frames', async () => {
    await whileAgentOpens(async (run) => {
      await run.report(progressAt(480));
      await run.saveCheckpoint(agentStateOf(480));
    });
    await whileAgentOpens((run) => run.report({ ...progressAt(960), learningRate: 0.5 }));
    const names = filesIn(place()).filter((name) => name === 'events.out.tfevents');
    expect(names).toHaveLength(2);
    const { readdir } = await import('node:fs/promises');
    const files = (await readdir(place())).filter((name) => name.startsWith('events.')).sort();
    const [first, second] = await Promise.all(
      files.map(async (name) => readEvents(await readFile(path.join(place(), name)))),
    );
    expect(first?.[2]).toMatchObject({ step: 480 });
    expect(second?.[1]).toMatchObject({ sessionStatus: 1, step: 481 });
    expect(second?.[2]).toMatchObject({
      step: 960,
      scalars: {
        'training/loss': 0.25,
        'training/policy loss': 0.125,
        'training/value loss': 0.5,
        'training/entropy': Math.fround(Math.log(3)),
        'training/learning rate': 0.5,
        'training/gradient norm': 2,
        'episodes/mean reward': -0.5,
        'episodes/count': 64,
      },
    });
  });

  it('lies beside runs of supervised training, which keep their names', async () => {
    await whileAgentOpens((run) => run.report(progressAt(240)));
    await whileOpen(path.join(folder(), 'r20'), (run) => run.saveCheckpoint(stateOf(20)));
    const { runs, unreadable } = await listRuns(folder());
    expect(unreadable).toEqual([]);
    expect(runs.map(({ directory }) => path.basename(directory))).toEqual(['lstm', 'r20']);
    expect(await runs[1]?.weights()).toEqual(stateOf(20).best.weights);
  });
});
