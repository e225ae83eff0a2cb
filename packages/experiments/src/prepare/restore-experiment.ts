import type { TrainedModel } from '../model-file.ts';
import type { Experiment } from './experiment.ts';
import type { ImageSources } from './image-sources.ts';
import { loadTrained } from './load-trained.ts';
import { prepareExperiment } from './prepare-experiment.ts';

/**
 * An experiment whose model has these weights.
 *
 * @throws ModelFileError where they are another model's, or no numbers
 */
export function restoreExperiment(trained: TrainedModel, sources: ImageSources = {}): Experiment {
  const experiment = prepareExperiment(trained.config, sources);
  try {
    loadTrained(experiment.model.weights, trained, (config) => prepareExperiment(config).model);
    return experiment;
  } catch (cause) {
    experiment.dispose();
    throw cause;
  }
}
