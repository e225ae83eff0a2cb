import '@tensorflow/tfjs-backend-cpu';
import '@fastweights/core/gradients';
import { enableProdMode, env, setBackend } from '@tensorflow/tfjs-core';

// Tests run on tfjs's plain cpu backend unless they say otherwise; IS_TEST makes the engine throw on leaks.
enableProdMode();
env().set('IS_TEST', true);
await setBackend('cpu');
