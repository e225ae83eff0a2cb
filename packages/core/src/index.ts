export {
  checkChoice,
  checkFinite,
  checkInteger,
  checkKeys,
  checkRange,
  checkShape,
  setNumericChecks,
} from './checks.ts';
export {
  type ClassifierHead,
  type ClassifierHeadOptions,
  type ClassifierHeadWeights,
  classifierHead,
} from './classifier-head.ts';
export type {
  Agent,
  Batch,
  Dataset,
  Environment,
  Model,
  Observation,
  Optimizer,
  OptimizerMemory,
  Part,
  Position,
  RecurrentCell,
  ResumableEnvironment,
  Snapshot,
} from './contracts.ts';
export { type Control, controlBits, isWrite, readAndWrite, simplifyControl } from './control.ts';
export { applyDense, type DenseLayer, denseLayer } from './dense-layer.ts';
export {
  ArgumentError,
  FastWeightsError,
  NotFiniteError,
  OptionError,
  ShapeError,
  WeightsError,
} from './errors.ts';
export {
  type Fusable,
  type FusableAttrs,
  type FusableInputs,
  type FusableUpdate,
  type FusedKernel,
  fusable,
  fusableUpdate,
} from './fusable.ts';
export {
  constant,
  createWeight,
  fanOutUniform,
  glorotUniform,
  type Initializer,
  orthogonal,
  randomNormal,
  scaledIdentity,
} from './initializers.ts';
export {
  type AttentionMemoryOptions,
  type AttentionMemoryState,
  attentionMemory,
} from './memory/attention-memory.ts';
export { cheaperForm } from './memory/cheaper-form.ts';
export type { FastMemory, FastMemoryOptions } from './memory/fast-memory.ts';
export { type MatrixMemoryState, matrixMemory } from './memory/matrix-memory.ts';
export { type WriteStrengths, writeStrengths } from './memory/write-strengths.ts';
export {
  type AdamMoments,
  type AdamUpdateAttrs,
  adamUpdate,
} from './ops/adam-update.ts';
export {
  type AssociativeLstmScanAttrs,
  type AssociativeLstmScanInputs,
  associativeLstmLastState,
  associativeLstmScan,
} from './ops/associative-lstm-scan.ts';
export { embed } from './ops/embed.ts';
export type {
  FastWeightsScanAttrs,
  FastWeightsScanInputs,
  LayerNormPlace,
  MemoryForm,
  Settling,
} from './ops/fast-weights-scan/attributes.ts';
export {
  checkAttrs as checkFastWeightsScanAttrs,
  fastWeightsLastState,
  fastWeightsScan,
  observeFastWeightsScan,
} from './ops/fast-weights-scan/fast-weights-scan.ts';
export { finalHidden } from './ops/fast-weights-scan/final-hidden.ts';
export { layerNorm } from './ops/layer-norm.ts';
export { type Activation, linear } from './ops/linear.ts';
export { type LstmScanInputs, lstmLastState, lstmScan } from './ops/lstm-scan.ts';
export {
  type RmsPropMoments,
  type RmsPropUpdateAttrs,
  rmsPropUpdate,
} from './ops/rms-prop-update.ts';
export { softmaxCrossEntropy } from './ops/softmax-cross-entropy.ts';
export { stepOf } from './ops/step-of.ts';
export type { WeightUpdate } from './ops/weight-updates.ts';
export { checkPart, rangeOf } from './parts.ts';
export {
  integer,
  normal,
  permutation,
  type Random,
  random,
  splitSeed,
  uniform,
} from './random.ts';
export { replayed } from './replay.ts';
export { readSafetensors, type StoredTensor, writeSafetensors } from './safetensors.ts';
export { type StackState, stackCells } from './stack.ts';
export { driveAll, drivenLastOutput, drivenOutputs, unroll, unrollDriven } from './unroll.ts';
export {
  countWeights,
  disposeWeights,
  loadWeights,
  saveWeights,
  type Weights,
  walkWeights,
} from './weights.ts';
