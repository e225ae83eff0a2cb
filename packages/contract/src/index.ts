import type { Check } from './check.ts';
import { opChecks } from './ops.ts';
import { trainingChecks } from './training.ts';

export type { Check } from './check.ts';

/**
 * What every backend promises, whichever is active. No test runner is needed: the same checks run in Node, on a page,
 * in a worker and on a borrowed machine. The cpu backend must be registered: it is what the others are compared with.
 */
export const contract: readonly Check[] = [...opChecks, ...trainingChecks];
