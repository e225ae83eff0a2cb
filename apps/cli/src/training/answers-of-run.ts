import { useBackend } from '@fastweights/backends';
import { type ExperimentConfig, restoreExperiment } from '@fastweights/experiments';
import type { RunRecord } from '@fastweights/trainers/runs';
import { type Answer, answerAll } from '../answers.ts';
import { EXAMPLES, LONGER_EXAMPLE } from './training-summary.ts';

/** What a trained network makes of a few strings; none where it is not about strings. */
export async function answersOfRun(run: RunRecord, config: ExperimentConfig): Promise<Answer[]> {
  if (config.task !== 'retrieval') return [];
  const weights = await run.weights();
  if (!weights) return [];
  await useBackend();
  const { model, dispose } = restoreExperiment({ config, weights });
  try {
    return await answerAll(model, [...EXAMPLES, LONGER_EXAMPLE]);
  } finally {
    dispose();
  }
}
