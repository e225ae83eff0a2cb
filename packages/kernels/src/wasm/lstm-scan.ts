import type { FusedKernel } from '@fastweights/core';
import type { Tensor3D } from '@tensorflow/tfjs-core';
import { chunksOf, keptInput, keptOutput, kernelsFor, type Work } from './call.ts';

type Sequence = readonly [number, number, number];
type State = readonly [number, number];

const forward =
  (lastOnly: boolean): Work =>
  (call, shapes, attrs) => {
    const { wasm } = call;
    const [batchSize, steps] = shapes['drive'] as Sequence;
    const [units] = shapes['recurrentKernel'] as State;
    const keep = attrs['keep'] === true;
    const size = wasm.lstmSizes(batchSize, steps, units, Number(keep));
    const y = call.output(lastOnly ? [batchSize, units] : [batchSize, steps + 1, units]);
    const kept = keep ? keptOutput(call, chunksOf(batchSize) * size) : undefined;
    wasm.lstmForward(
      call.address('drive'),
      call.address('recurrentKernel'),
      call.address('h'),
      call.address('c'),
      y.address,
      kept?.from ?? 0,
      call.scratch(wasm.lstmForwardScratch()),
      Number(lastOnly),
    );
    return kept ? [y, kept] : [y];
  };

const backward =
  (lastOnly: boolean): Work =>
  (call, shapes) => {
    const { wasm } = call;
    const [batchSize, steps] = shapes['drive'] as Sequence;
    const [units] = shapes['recurrentKernel'] as State;
    wasm.lstmSizes(batchSize, steps, units, 1);
    const dDrive = call.output([batchSize, steps, 4 * units]);
    const dKernel = call.output([units, 4 * units]);
    const dH = shapes['h'] && call.output([batchSize, units]);
    const dC = shapes['c'] && call.output([batchSize, units]);
    wasm.lstmBackward(
      call.address('dy'),
      Number(lastOnly),
      call.address('recurrentKernel'),
      Number(shapes['h'] !== undefined),
      keptInput(call),
      call.scratch(wasm.lstmBackwardScratch()),
      dDrive.address,
      dKernel.address,
      dH?.address ?? 0,
      dC?.address ?? 0,
    );
    return [dDrive, dKernel, ...(dH ? [dH] : []), ...(dC ? [dC] : [])];
  };

/** As for the other scan: what a chunk of 16 samples needs must stay below 2 GiB. */
const fits: FusedKernel['supports'] = (inputs) => {
  const [, steps, gates] = (inputs['drive'] as Tensor3D).shape;
  return 64 * (steps + 4) * 3 * gates < 2 ** 31;
};

/** The LSTM's scan and its backward pass through time. */
export function lstmScanKernels(module: WebAssembly.Module): FusedKernel[] {
  return [
    ...kernelsFor(module, 'FastWeightsLstmScan', forward(false), fits),
    ...kernelsFor(module, 'FastWeightsLstmScanGrad', backward(false)),
    ...kernelsFor(module, 'FastWeightsLstmLastState', forward(true), fits),
    ...kernelsFor(module, 'FastWeightsLstmLastStateGrad', backward(true)),
  ];
}
