import { catchActions } from '@fastweights/datasets';

/** What the actions are called, by their numbers. */
export const actionNames: readonly string[] = Object.entries(catchActions)
  .sort(([, a], [, b]) => a - b)
  .map(([name]) => name);
