import { setUpFused } from './setup-fused.ts';

// Once more where kernels have a memory of their own, and their inputs and results are copied.
await setUpFused('cpu');
