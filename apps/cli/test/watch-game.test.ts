import { parseAgentConfig, prepareAgent } from '@fastweights/experiments';
import { memory, softmax, type Tensor3D, tensor3d } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { type PlayingAgent, playingAgent } from '../src/catch/playing-agent.ts';
import { recallChart, seenShare } from '../src/catch/recall-chart.ts';
import { takeSeat } from '../src/catch/seat.ts';
import { watchGame } from '../src/catch/watch-game.ts';
import { jsonOf, plainLines } from '../src/catch/watch-lines.ts';
import { showOf } from '../src/catch/watch-show.ts';
import { textOf } from '../src/terminal/line.ts';

const GAME = { size: 5, visibleFrames: 2, seed: 1 };

/** Goes left, and remembers how many frames it has seen. */
function counting(): PlayingAgent & { readonly seen: number[] } {
  let frames = 0;
  const seen: number[] = [];
  return {
    ...{ name: 'a counter', seen },
    async act() {
      frames++;
      seen.push(frames);
      const recalled = Array.from({ length: frames }, (_, i) => Number(i === 0 && frames > 1));
      return { policy: [0.25, 0.5, 0.25], value: -0.5, recalled };
    },
    reset() {
      frames = 0;
    },
    dispose() {},
  };
}

const watched = (agent = counting()) =>
  watchGame({
    show: showOf(agent, GAME),
    ...{ place: 'runs/x', name: agent.name, pace: 4, reveals: false },
  });

const screen = (game: Awaited<ReturnType<typeof watched>>, columns = 79, rows = 23): string =>
  game
    .draw({ columns, rows })
    .lines.map((line) => textOf(line).trimEnd())
    .join('\n');

describe('watching an agent', () => {
  it('shows what it sees, would do, expects and recalls', async () => {
    const game = await watched();
    expect(screen(game)).toContain('nothing yet');
    await game.goOn();
    await game.goOn();
    const text = screen(game);
    expect(text).toContain('Catch   a counter   runs/x');
    expect(text).toContain('frame    3 of 5   ░ blank');
    expect(text).toMatch(/policy +stay +━+─+ +25 %/);
    expect(text).toMatch(/ left +━+─+ +50 %/);
    expect(text).toMatch(/value +─+●─+┼─+ −0\.50/);
    expect(text).toContain('100 % from frames 1–2');
    expect(text).not.toContain('██  ');
    await game.press('f', 0);
    expect(screen(game).match(/░██░|│██░|░██│/)).not.toBeNull();
  });

  it('forgets with every episode, and counts what it wins', async () => {
    const agent = counting();
    const game = await watched(agent);
    for (let frame = 1; frame < GAME.size; frame++) await game.goOn();
    const { isEnd, score } = game.state().shot;
    expect({ isEnd, episodes: score.episodes }).toEqual({ isEnd: true, episodes: 1 });
    expect(screen(game)).toMatch(/5 of 5 +(caught|missed by \d)/);
    expect(screen(game)).toMatch(/reward +[+−]1 +caught [01] of 1/);
    expect(screen(game)).not.toMatch(/│░/);
    await game.goOn();
    expect(agent.seen).toEqual([1, 2, 3, 4, 1]);
  });

  it('goes back and forth, pauses and begins anew', async () => {
    const agent = counting();
    const game = await watched(agent);
    await game.goOn();
    await game.goOn();
    await game.press('left', 0);
    expect(screen(game)).toContain('2 of 5');
    expect(game.stay()).toBeUndefined();
    await game.press('left', 0);
    await game.press('left', 0);
    expect(screen(game)).toContain('1 of 5');
    for (const _ of [1, 2, 3]) await game.press('right', 0);
    expect(screen(game)).toContain('4 of 5');
    expect(agent.seen).toEqual([1, 2, 3, 4]);
    await game.press('space', 0);
    expect(game.stay()).toBe(250);
    await game.press('+', 0);
    expect(game.stay()).toBe(1000 / 6);
    await game.press('r', 0);
    expect(screen(game)).toContain('1 of 5');
    expect(agent.seen.at(-1)).toBe(1);
  });

  it('fits into every terminal', async () => {
    const game = await watched();
    for (let frame = 0; frame < 6; frame++) {
      for (const columns of [30, 40, 60, 80, 120]) {
        for (const rows of [10, 16, 24, 40]) {
          const { lines } = game.draw({ columns: columns - 1, rows: rows - 1 });
          expect(lines.length).toBeLessThan(rows);
        }
      }
      await game.goOn();
    }
    expect(game.draw({ columns: 20, rows: 5 }).hasRoom).toBe(false);
  });
});

describe('an agent for pipes', () => {
  it('is text: what it sees, and in the end what there was', async () => {
    const show = showOf(counting(), GAME);
    const texts: string[] = [];
    for (let frame = 1; frame <= 5; frame++) {
      texts.push(
        plainLines(await show.next(), false)
          .map(textOf)
          .join('\n'),
      );
    }
    expect(texts[0]).toMatch(/^episode 1, frame 1 of 5\n[·o\n]+=/);
    expect(texts[2]).toBe(
      [
        'episode 1, frame 3 of 5, blank',
        ...Array(5).fill('░░░░░'),
        'policy   stay 25 %, left 50 %, right 25 %: left',
        'value    −0.500',
        'recalls  █     100 % from frames 1–2',
      ].join('\n'),
    );
    expect(texts[4]).toMatch(/o[\s\S]*\n(caught|missed by \d); reward [+−]1, caught [01] of 1$/);
  });

  it('is JSON, with what is behind the fog', async () => {
    const show = showOf(counting(), GAME);
    const [world] = takeSeat(GAME).worlds();
    expect(jsonOf(await show.next())).toEqual({
      ...{ event: 'frame', episode: 1, frame: 1, isBlank: false, action: 'left' },
      ...{ ball: world?.ball, paddle: world?.paddle, value: -0.5, recalled: [0] },
      policy: { stay: 0.25, left: 0.5, right: 0.25 },
    });
    for (const _ of [2, 3, 4]) await show.next();
    expect(jsonOf(await show.next())).toMatchObject({ event: 'episode', frame: 5, episodes: 1 });
  });
});

describe('what is recalled', () => {
  it('is a bar for each frame, the highest for the one read from most', () => {
    const recalled = { shares: [0.5, 0.25, 0.25, 0], frames: 6, visibleFrames: 2 };
    expect(recallChart(recalled, 6, 2).map(textOf)).toEqual(['█     ', '███   ', '━━░░··']);
    expect(recallChart(recalled, 12, 1).map(textOf)).toEqual(['█ ▄ ▄       ', '━━━━░░░░· · ']);
    expect(recallChart(recalled, 3, 1).map(textOf)).toEqual(['█▃ ', '━░·']);
    expect(seenShare(recalled)).toBe(0.75);
    expect(seenShare({ ...recalled, shares: [0, 0] })).toBeUndefined();
  });
});

describe('an agent of ours', () => {
  const prepared = (kind: string) =>
    prepareAgent(
      parseAgentConfig({
        ...{ task: 'catch', data: { source: 'catch', size: 5, visibleFrames: 2 } },
        model: { kind, units: 16, hidden: 16 },
      }),
    );
  const screens = [0, 1, 2, 3].map((step) =>
    Float32Array.from({ length: 25 }, (_, i) => Number((i * 7 + step) % 5 === 0)),
  );

  it.each(['fast-weights', 'lstm', 'rnn'])('acts step by step as it learns: %s', async (kind) => {
    const { agent, dispose } = prepared(kind);
    const player = playingAgent('x', agent);
    const sequence = tensor3d(
      screens.flatMap((screen) => [...screen]),
      [1, 4, 25],
    );
    const { logits, values } = agent.unroll(sequence);
    const rows = (await (softmax(logits) as Tensor3D).array()) as number[][][];
    for (const round of [1, 2]) {
      for (const [step, screen] of screens.entries()) {
        const thought = await player.act(screen);
        thought.policy.forEach((share, i) => {
          expect(share, `round ${round}`).toBeCloseTo(rows[0]?.[step]?.[i] as number, 5);
        });
        expect(thought.value).toBeCloseTo((await values.data())[step] as number, 5);
        expect(thought.recalled === undefined).toBe(kind !== 'fast-weights');
      }
      player.reset();
    }
    dispose();
  });

  it('recalls, in shares, what it wrote before and not what it sees', async () => {
    const { agent, dispose } = prepared('fast-weights');
    const player = playingAgent('x', agent);
    expect((await player.act(screens[0] as Float32Array)).recalled).toEqual([0]);
    const { recalled = [] } = await player.act(screens[1] as Float32Array);
    expect(recalled).toEqual([1, 0]);
    const third = (await player.act(screens[2] as Float32Array)).recalled ?? [];
    expect(third).toHaveLength(3);
    expect(third[2]).toBe(0);
    expect((third[0] as number) + (third[1] as number)).toBeCloseTo(1, 6);
    dispose();
  });

  it('keeps the screen it was given, whatever becomes of it, and nothing after it was let go', async () => {
    const { agent, dispose } = prepared('fast-weights');
    const before = memory().numTensors;
    const player = playingAgent('x', agent);
    const changing = Float32Array.from(screens[0] as Float32Array);
    await player.act(changing);
    changing.fill(0);
    const after = await player.act(screens[1] as Float32Array);
    player.reset();
    await player.act(screens[0] as Float32Array);
    expect(await player.act(screens[1] as Float32Array)).toEqual(after);
    player.dispose();
    expect(memory().numTensors).toBe(before);
    dispose();
  });
});
