/** What the loss of Mnih et al. 2016 is made of, in float64. */
export interface Frames {
  readonly logits: readonly (readonly number[])[];
  readonly values: readonly number[];
  readonly actions: readonly number[];
  readonly returns: readonly number[];
}

export interface Terms {
  readonly valueWeight: number;
  readonly entropyBonus: number;
}

const policyOf = (logits: readonly number[]): number[] => {
  const odds = logits.map(Math.exp);
  const all = odds.reduce((sum, x) => sum + x, 0);
  return odds.map((x) => x / all);
};

/**
 * The mean over frames of −log π(a) · A + valueWeight · (R − V)² / 2 − entropyBonus · H(π). The advantage A is a number, the
 * same whatever V is moved to: that of `fixed`.
 */
export function lossOracle(
  { logits, values, actions, returns }: Frames,
  { valueWeight, entropyBonus }: Terms,
  fixed: readonly number[] = values,
): number {
  const losses = logits.map((row, t) => {
    const policy = policyOf(row);
    const advantage = (returns[t] as number) - (fixed[t] as number);
    const error = (returns[t] as number) - (values[t] as number);
    const entropy = -policy.reduce((sum, p) => sum + p * Math.log(p), 0);
    const chosen = Math.log(policy[actions[t] as number] as number);
    return -chosen * advantage + (valueWeight * error ** 2) / 2 - entropyBonus * entropy;
  });
  return losses.reduce((sum, x) => sum + x, 0) / losses.length;
}
