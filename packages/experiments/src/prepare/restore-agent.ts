import type { TrainedAgent } from '../model-file.ts';
import { loadTrained } from './load-trained.ts';
import { type PreparedAgent, prepareAgent } from './prepare-agent.ts';

/**
 * An agent that has these weights, and worlds for it to act in.
 *
 * @throws ModelFileError where they are another model's, or no numbers
 */
export function restoreAgent(trained: TrainedAgent): PreparedAgent {
  const prepared = prepareAgent(trained.config);
  try {
    loadTrained(prepared.agent.weights, trained, (config) => prepareAgent(config).agent);
    return prepared;
  } catch (cause) {
    prepared.dispose();
    throw cause;
  }
}
