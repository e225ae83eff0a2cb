export {
  associativeBackward,
  associativeBackwardScratch,
  associativeForward,
  associativeForwardScratch,
  associativeSizes,
} from './associative-lstm-scan';
export { embed, embedGrad } from './embed';
export { clearFloats } from './lanes';
export { linear, linearBiasGrad, linearInputsGrad, linearWeightsGrad, rectifyGrad } from './linear';
export {
  lstmBackward,
  lstmBackwardScratch,
  lstmForward,
  lstmForwardScratch,
  lstmSizes,
} from './lstm-scan';
export { matmulScratch } from './matmul';
export { adamUpdate, copyFloats, rmsPropUpdate, sumOfSquares } from './optimizers';
export { scanBackward, scanBackwardScratch } from './scan-backward';
export { scanForward, scanForwardScratch } from './scan-forward';
export { scanControl, scanInputs, scanKeptSize, scanSizes } from './scan-sizes';
export { softmaxCrossEntropy, softmaxCrossEntropyGrad } from './softmax-cross-entropy';
