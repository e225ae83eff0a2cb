export {
  type FastWeightsCell,
  type FastWeightsCellOptions,
  type FastWeightsCellWeights,
  fastWeightsCell,
} from './fast-weights-cell.ts';
export type { FastWeightsState } from './fast-weights-state.ts';
export type { FastWeightsTrace, TraceOptions } from './trace.ts';
