export {
  type FastWeightsCell,
  type FastWeightsCellOptions,
  type FastWeightsCellWeights,
  fastWeightsCell,
} from './fast-weights-cell.ts';
export type { FastWeightsState } from './fast-weights-state.ts';
export {
  type GlimpseCell,
  type GlimpseCellOptions,
  type GlimpseState,
  type GlimpseTraceOptions,
  glimpseCell,
} from './glimpse-cell.ts';
export {
  type GlimpseControlOptions,
  type GlimpseRole,
  glimpseControl,
  glimpseRoles,
} from './glimpse-control.ts';
export type { FastWeightsTrace, TraceOptions } from './trace.ts';
