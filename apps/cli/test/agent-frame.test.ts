import { parseAgentConfig } from '@fastweights/experiments';
import { describe, expect, it } from 'vitest';
import { agentFrame } from '../src/agent-training/agent-frame.ts';
import { type AgentView, afterReport, secondsLeft } from '../src/agent-training/agent-view.ts';
import { textOf, widthOf } from '../src/terminal/line.ts';

const config = parseAgentConfig({ training: { maxFrames: 1_000_000 } });
const start: AgentView = {
  ...{ config, backend: 'wasm', weightCount: 66_000, workers: 2, began: 200_000 },
  ...{ frames: 200_000, episodes: 10, seconds: 0, rewards: [], notice: 'a notice' },
};
const report = (frames: number, meanReward: number) => ({
  ...{ frames, meanReward, episodes: frames / 15, entropy: 1.0986, loss: 0.5 },
});
const later = [report(250_000, 0.25), report(300_000, 0.75), report(400_000, 0.5)].reduce(
  (view, one) => afterReport(view, one, (one.frames - 200_000) / 10_000),
  start,
);

describe('the picture of an agent that learns', () => {
  it('has the curve, the speed, the time left, the entropy and the episodes', () => {
    const text = agentFrame(later, { columns: 100, rows: 24 }).map(textOf).join('\n');
    expect(text).toContain('16 × 16, 3 of 16 frames seen');
    expect(text).toContain('128 fast-weights units · 66,000 weights · 2 workers · wasm · seed 1');
    expect(text).toMatch(/400,000 of 1,000,000 .* 40 % {3}10,000 frames\/s {3}1 min 00 s left/);
    expect(text).toMatch(
      /reward +0\.50 {3}best 0\.75 at frame 300,000 {3}entropy 1\.099 {3}26,666/,
    );
    // Two columns of 16 are under the paddle: 2/16 − 14/16.
    expect(text).toMatch(/−0\.75┤.*who never looks/);
    expect(text).toMatch(/ {4}−1└/);
    expect(text).toContain('a notice');
    expect(text).toContain('1,000,000 frames');
  });

  it.each([
    [40, 12],
    [79, 23],
    [20, 6],
    [200, 60],
  ])('fits into %i columns and %i rows', (columns, rows) => {
    for (const view of [start, later]) {
      const lines = agentFrame(view, { columns, rows });
      expect(lines.length).toBeLessThanOrEqual(rows);
      for (const line of lines.slice(0, -1)) expect(widthOf(line)).toBeLessThanOrEqual(columns);
    }
  });

  it('knows no time left before there is a speed', () => {
    expect(secondsLeft(start)).toBeUndefined();
    expect(secondsLeft(later)).toBeCloseTo(60, 9);
  });
});
