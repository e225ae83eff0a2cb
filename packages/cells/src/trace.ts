import {
  attentionMemory,
  type Control,
  controlBits,
  type FastWeightsScanAttrs,
  type FastWeightsScanInputs,
  isWrite,
  OptionError,
  observeFastWeightsScan,
  simplifyControl,
  writeStrengths,
} from '@fastweights/core';
import {
  concat,
  matMul,
  mul,
  type Rank,
  reshape,
  slice,
  stack,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tensor,
  transpose,
  zeros,
} from '@tensorflow/tfjs-core';
import type { FastWeightsState } from './fast-weights-state.ts';

export interface TraceOptions {
  /** Where the sequence starts; a state in matrix form cannot be traced, since it no longer knows its writes. */
  readonly state?: FastWeightsState;
  readonly control?: Control;
  /** Whether A is wanted too. Default false. */
  readonly matrices?: boolean;
}

/** What happened inside a fast-weights cell. M is how many writes the initial state carried, usually 0. */
export type FastWeightsTrace = {
  /** h(t): `[batch, time, units]` */
  outputs: Tensor3D;
  /** h₀ … h_S of each step: `[batch, time, S + 1, units]`; all the same where a step does not read. */
  hidden: Tensor4D;
  /**
   * η λ^(writes between) ⟨h(τ), h_s⟩: how much of what was written at τ goes into h_{s+1}.
   * `[batch, time, S, M + time]`; zero where nothing was written, or not read.
   */
  attention: Tensor4D;
  /** A(t), after the write of step t: `[batch, time, units, units]` */
  matrices?: Tensor4D;
};

export function traceScan(
  inputs: FastWeightsScanInputs,
  attrs: FastWeightsScanAttrs,
  { state: given, control, matrices = false }: TraceOptions,
): FastWeightsTrace {
  const state: Partial<FastWeightsState> = given ?? {};
  if (state.A) {
    const expected = "in attention form (memory: 'attention')";
    throw new OptionError('the state of a trace', expected, 'in matrix form');
  }
  const steps: Tensor3D[] = [];
  const outputs = observeFastWeightsScan(
    { ...inputs, ...state },
    { ...attrs, memory: 'attention', control },
    (hidden) => {
      const all = Array.from(
        { length: attrs.innerSteps + 1 },
        (_, s) => hidden[s] ?? hidden.at(-1),
      );
      steps.push(stack(all as Tensor2D[], 1) as Tensor3D);
    },
  );
  const hidden = stack(steps, 1) as Tensor4D;
  const rows = simplifyControl(control, steps.length);
  const trace = { outputs, hidden, attention: attend(outputs, hidden, attrs, state, rows) };
  return matrices ? { ...trace, matrices: matricesOf(outputs, attrs, state, rows) } : trace;
}

/** Eq. 4 for all queries at once: every h_s against every state that was written. */
function attend(
  outputs: Tensor3D,
  hidden: Tensor4D,
  attrs: FastWeightsScanAttrs,
  { past, weights }: Partial<FastWeightsState>,
  control: Control,
): Tensor4D {
  const [batchSize, steps, innerStates, units] = hidden.shape;
  const S = innerStates - 1;
  const carried = past?.shape[0] ?? 0;
  if (S === 0) return zeros([batchSize, steps, 0, carried + steps]);

  const { strengths } = writeStrengths(control, attrs);
  const rows = control.length;
  const reads = control.map((row) => row.map((bits) => Number((bits & controlBits.read) !== 0)));
  const readMask = tensor(reads.flat(), [rows, steps, 1, 1]);
  const queries = slice(hidden, [0, 0, 0, 0], [batchSize, steps, S, units]);
  const attendTo = (keys: Tensor3D, strength: Tensor): Tensor4D => {
    const flat = reshape<Rank.R3>(queries, [batchSize, steps * S, units]);
    const scores = matMul(flat, keys, false, true);
    const shape = [batchSize, steps, S, keys.shape[1]];
    return mul(reshape(scores, shape), mul(strength, readMask));
  };

  const before = strengths.flatMap((readers) => readers.slice(0, steps)).flat();
  const own = attendTo(outputs, tensor(before, [rows, steps, 1, steps]));
  if (!past || !weights || carried === 0) return own;
  const left = mul(
    reshape(transpose(weights), [batchSize, 1, 1, carried]),
    tensor(carriedShares(control, carried, attrs), [rows, steps, 1, carried]),
  );
  return concat([attendTo(transpose(past, [1, 0, 2]), left), own], 3);
}

/** What the writes before each step leave of those that the initial state carried: `[rows, time, carried]`, flat. */
function carriedShares(
  control: Control,
  carried: number,
  { decayRate, window = Infinity }: FastWeightsScanAttrs,
): number[] {
  const shares: number[] = [];
  for (const row of control) {
    let writes = 0;
    for (const bits of row) {
      for (let slot = 0; slot < carried; slot++) {
        const newer = carried - 1 - slot + writes;
        shares.push(newer < window ? decayRate ** writes : 0);
      }
      writes += Number(isWrite(bits));
    }
  }
  return shares;
}

function matricesOf(
  outputs: Tensor3D,
  attrs: FastWeightsScanAttrs,
  { past, weights }: Partial<FastWeightsState>,
  control: Control,
): Tensor4D {
  const [batchSize, steps, units] = outputs.shape;
  const memory = attentionMemory({ units, ...attrs });
  let state = past && weights ? { past, weights } : memory.empty(batchSize);
  const matrices: Tensor3D[] = [];
  for (let step = 0; step < steps; step++) {
    const h = slice(outputs, [0, step, 0], [batchSize, 1, units]) as Tensor3D;
    state = memory.writeAll(
      state,
      h,
      simplifyControl(
        control.map((row) => [row[step] ?? 0]),
        1,
      ),
    );
    matrices.push(memory.matrix(state));
  }
  return stack(matrices, 1) as Tensor4D;
}
