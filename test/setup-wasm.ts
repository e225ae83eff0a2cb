import { setUpFused } from './setup-fused.ts';

// The same tests once more on the backend that users get by default, fused kernels and all.
await setUpFused('wasm');
