type Numeric = (...args: number[]) => number;
type Silent = (...args: number[]) => void;

/** What assembly/ exports. All arguments are numbers: addresses in bytes, sizes, flags. */
export interface Exports {
  readonly associativeSizes: Numeric;
  readonly associativeForwardScratch: Numeric;
  readonly associativeForward: Silent;
  readonly associativeBackwardScratch: Numeric;
  readonly associativeBackward: Silent;
  readonly clearFloats: Silent;
  readonly lstmSizes: Numeric;
  readonly lstmForwardScratch: Numeric;
  readonly lstmForward: Silent;
  readonly lstmBackwardScratch: Numeric;
  readonly lstmBackward: Silent;
  readonly scanSizes: Silent;
  readonly scanInputs: Silent;
  readonly scanControl: Silent;
  readonly scanKeptSize: Numeric;
  readonly scanForwardScratch: Numeric;
  readonly scanForward: Silent;
  readonly scanBackwardScratch: Numeric;
  readonly scanBackward: Silent;
  readonly embed: Silent;
  readonly embedGrad: Silent;
  readonly linear: Silent;
  readonly linearBiasGrad: Silent;
  readonly linearInputsGrad: Silent;
  readonly linearWeightsGrad: Silent;
  readonly rectifyGrad: Silent;
  readonly matmulScratch: Numeric;
  readonly adamUpdate: Silent;
  readonly rmsPropUpdate: Silent;
  readonly sumOfSquares: Numeric;
  readonly copyFloats: Silent;
  readonly softmaxCrossEntropy: Silent;
  readonly softmaxCrossEntropyGrad: Silent;
}
