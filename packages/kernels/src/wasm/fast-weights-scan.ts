import { cheaperForm, type FastWeightsScanAttrs, type FusedKernel } from '@fastweights/core';
import type { Tensor3D } from '@tensorflow/tfjs-core';
import {
  type Call,
  chunksOf,
  keptInput,
  keptOutput,
  kernelsFor,
  type Output,
  sizeOf,
  type Work,
} from './call.ts';
import { controlTables, TABLES } from './control-tables.ts';

const INPUTS = [
  'drive',
  'recurrentKernel',
  'integrationKernel',
  'innerKernel',
  'gain',
  'bias',
  'h',
  'A',
  'past',
  'weights',
] as const;

type Shapes = Parameters<Work>[1];

/** Tells the module the sizes, inputs and control of this call. */
function configure(call: Call, shapes: Shapes, attrs: FastWeightsScanAttrs): void {
  const { wasm } = call;
  const [batchSize, steps, units] = shapes['drive'] as [number, number, number];
  const { innerSteps, learningRate, layerNorm, settling, window = 0 } = attrs;
  const places = (['inner', 'preliminary', 'plain'] as const)
    .map((place, i) => (layerNorm.includes(place) ? 1 << i : 0))
    .reduce((sum, bit) => sum + bit, 0);
  const remembers = hasMemory(shapes, attrs);
  wasm.scanSizes(
    batchSize,
    steps,
    units,
    innerSteps,
    learningRate,
    // More than there are writes is as good as all, and fits the module's integers.
    Math.min(window, steps + (shapes['past']?.[0] ?? 0)),
    places,
    Number(settling === 'sustained'),
    Number(remembers),
  );
  wasm.scanInputs(...INPUTS.map((name) => call.address(name)));

  const pastSlots = remembers ? (shapes['past']?.[0] ?? 0) : 0;
  const segment = remembers ? segmentLength(steps, units, attrs, shapes) : steps;
  const tables = controlTables({ ...attrs, steps, pastSlots, segment });
  const at = call.constants(tables.values);
  wasm.scanControl(
    tables.rows,
    ...TABLES.map((name) => at + 4 * tables.begins[name]),
    pastSlots,
    segment,
    remembers ? tables.mostSlots : 0,
    tables.mostReads,
  );
}

function hasMemory(shapes: Shapes, { learningRate }: FastWeightsScanAttrs): boolean {
  if (shapes['innerKernel']) return false;
  return learningRate > 0 || shapes['A'] !== undefined || shapes['past'] !== undefined;
}

/**
 * How many steps read what was written among them as attention; what is older is in a matrix. Where attention is not
 * the cheaper form for the whole sequence, segments of about H/2 keep both parts small.
 */
function segmentLength(
  steps: number,
  units: number,
  { innerSteps, window }: FastWeightsScanAttrs,
  shapes: Shapes,
): number {
  // Only the attention form can forget what left the window, and what the state came with is attended to.
  if (window !== undefined || shapes['past']) return steps;
  if (!shapes['A'] && cheaperForm(steps, units, innerSteps) === 'attention') return steps;
  return Math.min(steps, Math.max(8, Math.ceil(units / 2)));
}

const forward =
  (lastOnly: boolean): Work =>
  (call, shapes, anyAttrs) => {
    const attrs = anyAttrs as unknown as FastWeightsScanAttrs & { keep?: boolean };
    const [batchSize, steps, units] = shapes['drive'] as [number, number, number];
    const keep = attrs.keep === true;
    configure(call, shapes, attrs);
    const { wasm } = call;
    const y = call.output(lastOnly ? [batchSize, units] : [batchSize, steps, units]);
    const kept = keep ? keptOutput(call, chunksOf(batchSize) * wasm.scanKeptSize(1)) : undefined;
    const scratch = call.scratch(wasm.scanForwardScratch(Number(keep)));
    wasm.scanForward(y.address, kept?.from ?? 0, scratch, Number(lastOnly));
    return kept ? [y, kept] : [y];
  };

const backward =
  (lastOnly: boolean): Work =>
  (call, shapes, anyAttrs) => {
    const attrs = anyAttrs as unknown as FastWeightsScanAttrs;
    configure(call, shapes, attrs);
    const { wasm } = call;
    const results = INPUTS.filter((name) => shapes[name]).map((name): [string, Output] => [
      name,
      call.output(shapes[name] as readonly number[]),
    ]);
    const addresses = new Map(results.map(([name, { address }]) => [name, address]));
    const scratch = call.scratch(wasm.scanBackwardScratch());
    if (!hasMemory(shapes, attrs)) clear(call, results, ['past', 'weights']);
    const gradients = INPUTS.map((name) => addresses.get(name) ?? 0);
    wasm.scanBackward(call.address('dy'), Number(lastOnly), keptInput(call), scratch, ...gradients);
    return results.map(([, output]) => output);
  };

/** A state's memory plays no part where a slow matrix has its place. */
function clear(
  { wasm }: Call,
  results: readonly [string, Output][],
  names: readonly string[],
): void {
  for (const [name, { address, shape }] of results) {
    if (names.includes(name)) {
      wasm.clearFloats(address, sizeOf(shape));
    }
  }
}

/** Addresses inside a chunk of 16 samples are signed: what it keeps must stay below 2 GiB. */
const fits: FusedKernel['supports'] = (inputs, anyAttrs) => {
  const attrs = anyAttrs as FastWeightsScanAttrs;
  const { shape } = inputs['drive'] as Tensor3D;
  const [, steps, units] = shape;
  const past = inputs['past']?.shape[0] ?? 0;
  const isOneSegment = attrs.window !== undefined || past > 0;
  const slots = isOneSegment ? past + steps : Math.min(steps, 3 * units);
  const matrices = units * (steps / Math.max(8, units / 2) + 2);
  const states = (2 * attrs.innerSteps + 6) * steps + past + matrices + 12;
  const shares = 2 * attrs.innerSteps * steps * slots;
  return 64 * (states * units + shares) < 2 ** 31;
};

/** The scan and its backward pass through time; README.md in this folder has the derivation and the layout. */
export function fastWeightsScanKernels(module: WebAssembly.Module): FusedKernel[] {
  return [
    ...kernelsFor(module, 'FastWeightsScan', forward(false), fits),
    ...kernelsFor(module, 'FastWeightsScanGrad', backward(false)),
    ...kernelsFor(module, 'FastWeightsLastState', forward(true), fits),
    ...kernelsFor(module, 'FastWeightsLastStateGrad', backward(true)),
  ];
}
