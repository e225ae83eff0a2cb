import { associativeLstmCell, irnnCell, lnRnnCell, lstmCell } from '@fastweights/baselines';
import type { FastWeightsCellOptions } from '@fastweights/cells';
import { type RecurrentCell, scaledIdentity } from '@fastweights/core';
import type { FastWeightsModel, PlainRecurrentModel } from '../config/model-configs.ts';

/** What a cell needs that no config says. */
export interface CellPlace {
  readonly inputSize: number;
  readonly seed: number;
}

/** The cell of a rival, whatever its state is. */
export function plainCell(model: PlainRecurrentModel, place: CellPlace): RecurrentCell<never> {
  return cellOf(model, { ...place, units: model.units }) as unknown as RecurrentCell<never>;
}

function cellOf(model: PlainRecurrentModel, size: CellPlace & { readonly units: number }) {
  switch (model.kind) {
    case 'lstm':
      return lstmCell({ ...size, forgetBias: model.forgetBias });
    case 'a-lstm': {
      const { forgetBias, heads, copies } = model;
      return associativeLstmCell({ ...size, forgetBias, heads, copies });
    }
    default: {
      const initializers = { recurrentKernel: scaledIdentity(model.recurrentScale) };
      const create = model.kind === 'irnn' ? irnnCell : lnRnnCell;
      return create({ ...size, initializers });
    }
  }
}

export function fastWeightsOptions(
  model: FastWeightsModel,
  place: CellPlace,
): FastWeightsCellOptions {
  const { units, decayRate, learningRate, innerSteps, layerNorm, settling, innerWeights } = model;
  const memory = { decayRate, learningRate, innerSteps, settling, innerWeights };
  return { ...place, units, layerNorm, ...memory };
}
