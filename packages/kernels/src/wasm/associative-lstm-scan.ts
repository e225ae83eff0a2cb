import type { AssociativeLstmScanAttrs, FusedKernel } from '@fastweights/core';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { type Call, chunksOf, keptInput, keptOutput, kernelsFor, type Work } from './call.ts';

type Sequence = readonly [number, number, number];
type Shapes = Parameters<Work>[1];

/** Tells the module the sizes and permutations of this call; returns the floats that a chunk keeps. */
function configure(
  { wasm, constants }: Call,
  shapes: Shapes,
  { heads, permutations }: AssociativeLstmScanAttrs,
  keep: boolean,
): number {
  const [batchSize, steps] = shapes['drive'] as Sequence;
  const [units] = shapes['recurrentKernel'] as readonly [number, number];
  const orders = constants(Int32Array.from(permutations.flat()));
  const copies = permutations.length;
  return wasm.associativeSizes(batchSize, steps, units, heads, copies, orders, Number(keep));
}

const forward =
  (lastOnly: boolean): Work =>
  (call, shapes, anyAttrs) => {
    const attrs = anyAttrs as unknown as AssociativeLstmScanAttrs & { keep?: boolean };
    const { wasm } = call;
    const [batchSize, steps] = shapes['drive'] as Sequence;
    const [units] = shapes['recurrentKernel'] as readonly [number, number];
    const keep = attrs.keep === true;
    const size = configure(call, shapes, attrs, keep);
    const rows = steps + attrs.permutations.length;
    const y = call.output(lastOnly ? [batchSize, units] : [batchSize, rows, units]);
    const kept = keep ? keptOutput(call, chunksOf(batchSize) * size) : undefined;
    wasm.associativeForward(
      call.address('drive'),
      call.address('recurrentKernel'),
      call.address('h'),
      call.address('c'),
      y.address,
      kept?.from ?? 0,
      call.scratch(wasm.associativeForwardScratch()),
      Number(lastOnly),
    );
    return kept ? [y, kept] : [y];
  };

const backward =
  (lastOnly: boolean): Work =>
  (call, shapes, anyAttrs) => {
    const { wasm } = call;
    configure(call, shapes, anyAttrs as unknown as AssociativeLstmScanAttrs, true);
    const result = (name: string) => shapes[name] && call.output(shapes[name]);
    const results = ['drive', 'recurrentKernel', 'h', 'c'].map(result);
    const [dDrive, dKernel, dH, dC] = results.map((output) => output?.address ?? 0);
    wasm.associativeBackward(
      call.address('dy'),
      Number(lastOnly),
      call.address('recurrentKernel'),
      Number(shapes['h'] !== undefined),
      keptInput(call),
      call.scratch(wasm.associativeBackwardScratch()),
      dDrive as number,
      dKernel as number,
      dH as number,
      dC as number,
    );
    return results.filter((output) => output !== undefined);
  };

/** As for the other scans: what a chunk of 16 samples needs must stay below 2 GiB. */
const fits: FusedKernel['supports'] = (inputs, attrs) => {
  const { permutations } = attrs as AssociativeLstmScanAttrs;
  const [, steps, width] = (inputs['drive'] as Tensor3D).shape;
  const [units] = (inputs['recurrentKernel'] as Tensor2D).shape;
  return 64 * (steps + 4) * (3 * width + (permutations.length + 1) * units) < 2 ** 31;
};

/** The Associative LSTM's scan and its backward pass through time. */
export function associativeLstmScanKernels(module: WebAssembly.Module): FusedKernel[] {
  return [
    ...kernelsFor(module, 'FastWeightsAssociativeLstmScan', forward(false), fits),
    ...kernelsFor(module, 'FastWeightsAssociativeLstmScanGrad', backward(false)),
    ...kernelsFor(module, 'FastWeightsAssociativeLstmLastState', forward(true), fits),
    ...kernelsFor(module, 'FastWeightsAssociativeLstmLastStateGrad', backward(true)),
  ];
}
