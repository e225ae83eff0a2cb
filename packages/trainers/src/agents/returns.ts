// Mnih et al. 2016, section 4: what an action turned out to be worth. Time is in the names: acting at t − 1 leads to what is
// seen, and rewarded, at t.

/**
 * The returns of one world's steps, from the last one back:
 *
 *     R_tm1 = r_t + γ_t R_t
 *
 * where the last R_t is the value of what was seen last, and γ_t is 0 where an episode has ended at t.
 */
export function discountedReturns(
  r_t: Float32Array,
  discount_t: Float32Array,
  lastValue: number,
): Float32Array {
  const return_tm1 = new Float32Array(r_t.length);
  let return_t = lastValue;
  for (let t = r_t.length - 1; t >= 0; t--) {
    const discount = discount_t[t] as number;
    // What is worth nothing may be NaN.
    return_t = (r_t[t] as number) + (discount === 0 ? 0 : discount * return_t);
    return_tm1[t] = return_t;
  }
  return return_tm1;
}
