import { getBackend, setBackend } from '@tensorflow/tfjs-core';
import { type Candidate, didNotStart, importOptional, TFJS_VERSION } from '../candidate.ts';

const PACKAGE = '@tensorflow/tfjs-backend-cpu';

/** Plain JavaScript: slow, and always there. */
export const cpu: Candidate = {
  name: 'cpu',
  async start() {
    const { version_cpu } = await importOptional(
      'cpu',
      [`${PACKAGE}@${TFJS_VERSION}`],
      () => import('@tensorflow/tfjs-backend-cpu'),
    );
    if (!(await setBackend('cpu')) || getBackend() !== 'cpu') {
      throw didNotStart('cpu', 'tfjs did not take it');
    }
    return { packageName: PACKAGE, version: version_cpu, device: 'one core, JavaScript' };
  },
};
