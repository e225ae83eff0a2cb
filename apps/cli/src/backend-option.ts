import { Option } from 'commander';

export const backendOption = (fallback = 'the fastest; see doctor'): Option =>
  new Option('--backend <name>', `what computes (default: ${fallback})`).choices([
    'tensorflow',
    'webgpu',
    'wasm',
    'cpu',
  ]);
