import { type Control, controlBits, isWrite, simplifyControl } from '@fastweights/core';

/** What each step does, as the shaders read it. */
export interface Plan {
  /**
   * Of each row of the control: its bits `[T]`, the steps that write in their order `[T]`, and how many writes there are
   * before each step and in all `[T + 1]`. After all rows, λ^0 … λ^T as the bits of floats: WGSL's `pow` knows no 0⁰.
   */
  readonly numbers: Int32Array;
  readonly rows: number;
  readonly integrates: boolean;
}

/** Numbers of a plan's row. */
export const planStride = (steps: number): number => 3 * steps + 1;

/** Plans that were made before: a cell hands the same control to every scan, and tables are known by identity. */
const known = new WeakMap<Control, Map<string, Plan>>();

/** Stands for the control of a scan that has none. */
const USUAL: Control = [];

/** Plans of one control: a stream of sequences of every length must not collect them all. */
const MOST_KNOWN = 64;

export function planFor(given: Control | undefined, steps: number, decayRate: number): Plan {
  let plans = known.get(given ?? USUAL);
  if (!plans) {
    plans = new Map();
    known.set(given ?? USUAL, plans);
  }
  const key = `${steps},${decayRate}`;
  let plan = plans.get(key);
  if (!plan) {
    if (plans.size >= MOST_KNOWN) plans.clear();
    plan = makePlan(simplifyControl(given, steps), steps, decayRate);
    plans.set(key, plan);
  }
  return plan;
}

function makePlan(control: Control, steps: number, decayRate: number): Plan {
  const stride = planStride(steps);
  const numbers = new Int32Array(control.length * stride + steps + 1);
  let integrates = false;
  control.forEach((bits, row) => {
    const own = numbers.subarray(row * stride, (row + 1) * stride);
    own.set(bits);
    let writes = 0;
    bits.forEach((step, t) => {
      own[2 * steps + t] = writes;
      if (isWrite(step)) own[steps + writes++] = t;
      if (step & controlBits.integrate) integrates = true;
    });
    own[3 * steps] = writes;
  });
  const powers = new Float32Array(numbers.buffer, 4 * control.length * stride);
  for (let n = 0; n <= steps; n++) powers[n] = decayRate ** n;
  return { numbers, rows: control.length, integrates };
}
