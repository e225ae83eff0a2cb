import type { PaperTable } from './table.ts';

/** On plain steps too, where few units then learn faster and further. */
const NORMALISED = ['inner', 'plain'];

/** Ba et al. 2016, Table 2: MNIST in 24 glimpses, error on the test images. */
export const table2: PaperTable = {
  name: 'table2',
  title: 'Table 2. MNIST in glimpses',
  about:
    'Which digit is it? Recurrent models see 24 patches of 7 × 7 pixels one after the other, the ConvNet sees the whole image.',
  source: 'Ba et al. 2016, Table 2',
  measure: 'error',
  curve: 'validation error',
  task: 'mnist',
  columnName: 'features',
  columns: [50, 100, 200],
  rows: [
    {
      model: 'irnn',
      label: 'IRNN',
      paper: [12.95, 1.95, 1.42],
      plan: {
        quick: { seeds: 1, updates: [1500, 800, 300], stepSize: [0.001, 0.001, 0.001] },
        standard: { seeds: 3, updates: [30_000, 30_000, 15_000], stepSize: [0.001, 0.001, 0.001] },
        full: { seeds: 5, updates: [60_000, 60_000, 60_000], stepSize: [0.001, 0.001, 0.001] },
      },
    },
    {
      model: 'lstm',
      label: 'LSTM',
      paper: [12, 1.55, 1.1],
      plan: {
        quick: { seeds: 1, updates: [800, 400, 150], stepSize: [0.003, 0.003, 0.002] },
        standard: { seeds: 1, updates: [30_000, 20_000, 10_000], stepSize: [0.003, 0.003, 0.002] },
        full: { seeds: 3, updates: [60_000, 60_000, 60_000], stepSize: [0.003, 0.003, 0.002] },
      },
    },
    {
      model: 'conv-net',
      label: 'ConvNet',
      paper: [1.81, 1, 0.9],
      plan: {
        quick: { seeds: 1, updates: [600, 300, 100], stepSize: [0.001, 0.001, 0.001] },
        standard: { seeds: 1, updates: [20_000, 12_000, 7000], stepSize: [0.001, 0.001, 0.001] },
        full: { seeds: 3, updates: [40_000, 40_000, 40_000], stepSize: [0.001, 0.001, 0.001] },
      },
    },
    {
      model: 'fast-weights',
      label: 'Fast weights',
      paper: [7.21, 1.3, 0.85],
      settings: [{ layerNorm: NORMALISED }, { layerNorm: NORMALISED }, {}],
      plan: {
        quick: { seeds: 1, updates: [1500, 800, 300], stepSize: [0.004, 0.003, 0.001] },
        standard: { seeds: 3, updates: [100_000, 40_000, 40_000], stepSize: [0.004, 0.003, 0.001] },
        full: { seeds: 5, updates: [100_000, 60_000, 60_000], stepSize: [0.004, 0.003, 0.001] },
      },
    },
  ],
  dataSettings: { shift: 1 },
  notes: [
    'λ = 0.95 and η = 0.5 as stated; 55,000 images to train on, 5,000 to choose the best weights, the same ones for every model and seed. Training images are moved by up to one pixel, anew in each epoch, for every model alike: our choice, the paper names no augmentation.',
    'Fast weights with 50 and 100 features have layer norm on steps that do not read too, an option the paper leaves open: chosen, like the step sizes, by validation error.',
    'The ConvNet’s layers and features are the paper’s; its strides are our choice.',
  ],
};
