import '../packages/testing/src/setup.ts';
import { env } from '@tensorflow/tfjs-core';
import { useBackend } from '../packages/backends/src/index.ts';

// The same tests once more on the backend that users get by default. Its `clone` copies, which tfjs's own leak check
// (IS_TEST) takes for a leak wherever a custom gradient saves its inputs; `expectNoLeaks` still counts.
env().set('IS_TEST', false);
await useBackend({ prefer: 'wasm' });
