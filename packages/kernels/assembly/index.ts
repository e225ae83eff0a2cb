export { clearFloats } from './lanes';
export { scanBackward, scanBackwardScratch } from './scan-backward';
export { scanForward, scanForwardScratch } from './scan-forward';
export { scanControl, scanInputs, scanKeptSize, scanSizes } from './scan-sizes';
export { embed, embedGrad } from './embed';
export { linear, linearBiasGrad, linearInputsGrad, linearWeightsGrad, rectifyGrad } from './linear';
export { matmulScratch } from './matmul';
export { adamUpdate, copyFloats, rmsPropUpdate } from './optimizers';
export { softmaxCrossEntropy, softmaxCrossEntropyGrad } from './softmax-cross-entropy';
