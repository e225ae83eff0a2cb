import { convNet, patchNet } from '@fastweights/baselines';
import { glimpseCell } from '@fastweights/cells';
import { splitSeed } from '@fastweights/core';
import { glimpses } from '@fastweights/datasets';
import type { Tensor3D } from '@tensorflow/tfjs-core';
import type { GlimpseFastWeightsModel, GlimpseModelConfig } from '../config/model-configs.ts';
import { glimpseClassifier } from '../glimpse-classifier.ts';
import { fastWeightsOptions, plainCell } from './cells.ts';
import type { TraceableModel } from './experiment.ts';

/** The images that a model is for. */
export interface ImageKind {
  readonly side: number;
  readonly classes: number;
  /** Scales of glimpses. */
  readonly levels: number;
}

/** The model of Table 2 or 3 that a config names. */
export function glimpseModelOf(
  model: GlimpseModelConfig,
  images: ImageKind,
  seed: number,
): TraceableModel {
  const { side, levels, classes } = images;
  const { patch, steps } = glimpses({ side, levels });
  const own = { classes, seed: splitSeed(seed, 'model') };
  const place = { inputSize: patch ** 2, seed: splitSeed(seed, 'cell') };
  switch (model.kind) {
    case 'conv-net': {
      const { layers, units: features, stride } = model;
      return convNet({ ...own, side, patch, layers, features, ...(stride > 0 && { stride }) });
    }
    case 'patch-net': {
      const { join, units: features } = model;
      return patchNet({ ...own, patchSize: patch ** 2, patches: steps, features, join });
    }
    case 'fast-weights': {
      const cell = glimpseCell({ ...fastWeightsOptions(model, place), ...piecesOf(model) });
      const trace = (inputs: unknown) => cell.trace(inputs as Tensor3D);
      return { ...glimpseClassifier({ ...own, cell }), trace };
    }
    default:
      return glimpseClassifier({ ...own, cell: plainCell(model, place) });
  }
}

const piecesOf = ({ wipe, store, integration, secondLook }: GlimpseFastWeightsModel) => ({
  wipe,
  store,
  integration,
  secondLook,
});
