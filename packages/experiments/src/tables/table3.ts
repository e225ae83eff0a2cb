import type { PaperTable } from './table.ts';

/** Ba et al. 2016, Table 3: facial expressions in 24 glimpses, accuracy on people nobody has seen. */
export const table3: PaperTable = {
  name: 'table3',
  title: 'Table 3. Facial expressions',
  about:
    'Which of six expressions is it? 48 × 48 pixels in 24 glimpses of 12 × 12; the people of the test set are in no other.',
  source: 'Ba et al. 2016, Table 3, on CMU Multi-PIE',
  measure: 'accuracy',
  curve: 'validation error',
  task: 'faces',
  dataSource: 'synthetic',
  columnName: 'features',
  columns: [200],
  rows: [
    {
      model: 'irnn',
      label: 'IRNN',
      paper: [81.11],
      plan: {
        quick: { seeds: 1, updates: [200], stepSize: [0.001] },
        standard: { seeds: 3, updates: [12_000], stepSize: [0.001] },
        full: { seeds: 3, updates: [60_000], stepSize: [0.001] },
      },
    },
    {
      model: 'lstm',
      label: 'LSTM',
      paper: [81.32],
      plan: {
        quick: { seeds: 1, updates: [100], stepSize: [0.002] },
        standard: { seeds: 2, updates: [8000], stepSize: [0.002] },
        full: { seeds: 3, updates: [60_000], stepSize: [0.002] },
      },
    },
    {
      model: 'conv-net',
      label: 'ConvNet',
      paper: [88.23],
      plan: {
        quick: { seeds: 1, updates: [100], stepSize: [0.001] },
        standard: { seeds: 2, updates: [6000], stepSize: [0.001] },
        full: { seeds: 3, updates: [40_000], stepSize: [0.001] },
      },
    },
    {
      model: 'fast-weights',
      label: 'Fast weights',
      paper: [86.34],
      plan: {
        quick: { seeds: 1, updates: [200], stepSize: [0.001] },
        standard: { seeds: 3, updates: [12_000], stepSize: [0.001] },
        full: { seeds: 3, updates: [60_000], stepSize: [0.001] },
      },
    },
  ],
  notes: [
    'Multi-PIE cannot be given away: unless a source is set, these are synthetic faces, and their accuracies are not accuracies on Multi-PIE. The paper’s numbers stand here for the order of the models alone.',
    'Your own copy: --set source=multi-pie root=… landmarks=… cache=…, or --set source=fer-2013 file=…; a part of Multi-PIE with 40 people or fewer needs testIdentities=… validationIdentities=… too.',
  ],
};
