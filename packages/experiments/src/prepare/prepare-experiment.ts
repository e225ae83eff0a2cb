import { type ExperimentConfig, parseConfig } from '../config/config.ts';
import type { Experiment, ExperimentData, TraceableModel } from './experiment.ts';
import { glimpseModelOf } from './glimpse-model.ts';
import { imageDataOf, imageKindOf } from './image-experiment.ts';
import type { ImageSources } from './image-sources.ts';
import { optimizerOf } from './optimizer.ts';
import { retrievalDataOf, retrievalModelOf } from './retrieval-experiment.ts';

/**
 * Makes everything that a config stands for. All that is random follows from its seeds: equal configs train to the same
 * bits. The model is made at once, data are opened when they are asked for.
 *
 * @example
 * const { model, data, optimizer } = prepareExperiment(parseConfig({ task: 'retrieval', model: { kind: 'lstm' } }));
 * const training = await data.training();
 * @throws ConfigError
 */
export function prepareExperiment(
  config: ExperimentConfig,
  sources: ImageSources = {},
): Experiment {
  const whole = parseConfig(config);
  const model = modelOf(whole);
  return {
    config: whole,
    model,
    data: dataOf(whole, sources),
    optimizer: () => optimizerOf(model.weights, whole.training),
    dispose: () => model.dispose(),
  };
}

function modelOf(config: ExperimentConfig): TraceableModel {
  if (config.task === 'retrieval') return retrievalModelOf(config.model, config.seed);
  return glimpseModelOf(config.model, imageKindOf(config), config.seed);
}

function dataOf(config: ExperimentConfig, sources: ImageSources): ExperimentData {
  return config.task === 'retrieval' ? retrievalDataOf(config) : imageDataOf(config, sources);
}
