import type { AgentFigure } from './agent-figure.ts';

/** Ba et al. 2016, Figure 5: agents that play Catch without seeing the end of it. */
export const figure5: AgentFigure = {
  name: 'figure5',
  title: 'Figure 5. Partially observable Catch',
  about:
    'Where will the ball come down? An agent sees the first M of N frames of its fall, and must be under it at the end.',
  source: 'Ba et al. 2016, Figure 5, read off by eye',
  boards: [
    { name: '16,3', size: 16, visibleFrames: 3 },
    { name: '24,5', size: 24, visibleFrames: 5 },
    { name: '32,7', size: 32, visibleFrames: 7, isOwn: true },
  ],
  rows: [
    {
      model: 'rnn',
      label: 'RNN',
      readOff: {
        '16,3': [
          { x: 8, meanReward: 0.87 },
          { x: 15, meanReward: 0.96 },
        ],
        '24,5': [{ x: 31, meanReward: 0.65 }],
      },
    },
    {
      model: 'lstm',
      label: 'LSTM',
      readOff: {
        '16,3': [
          { x: 3, meanReward: 0.7 },
          { x: 6, meanReward: 0.94 },
        ],
        '24,5': [{ x: 25, meanReward: 0.97 }],
      },
    },
    {
      model: 'fast-weights',
      label: 'Fast weights',
      space: {
        'model.innerSteps': { kind: 'choice', values: [1, 2, 3] },
        'model.learningRate': { kind: 'log-uniform', low: 0.05, high: 1 },
        'model.decayRate': { kind: 'uniform', low: 0.8, high: 1 },
      },
      readOff: {
        '16,3': [
          { x: 3, meanReward: 0.88 },
          { x: 4, meanReward: 0.95 },
        ],
        '24,5': [
          { x: 12, meanReward: 0.9 },
          { x: 19, meanReward: 0.97 },
        ],
      },
    },
  ],
  level: 0.9,
  reference: 'lstm',
  best: 5,
  searchSeed: 2016,
  space: {
    'training.stepSize': { kind: 'log-uniform', low: 0.0002, high: 0.003 },
    'training.entropyBonus': { kind: 'log-uniform', low: 0.0003, high: 0.03 },
  },
  settings: [],
  plan: {
    quick: { trials: 3, seeds: 2, frames: [150_000, 230_000, 310_000] },
    standard: { trials: 12, seeds: 5, frames: [2_000_000, 4_000_000, 6_000_000] },
    full: { trials: 40, seeds: 10, frames: [5_000_000, 12_000_000, 20_000_000] },
  },
  notes: [
    'Every model has the same number of trials, of seeds and of frames; the same trial has the same step size and entropy bonus for all of them. Fast weights are searched over S, η and λ too, within the same number of trials.',
    'Trials are ranked by their mean reward over all of their frames, so that who learns early is preferred. The seeds of the best one are others than those of the search: it was chosen for its luck too, and they were not. The paper shows the five best of its search.',
    'The units of the paper’s axis are not known: its circles are moved along the axis by one factor for each board, so that the LSTM’s last one below our LSTM’s best lies on our curve.',
    'The paper’s fast weights need about 0.55 to 0.6 of the experience of its LSTM.',
  ],
};
