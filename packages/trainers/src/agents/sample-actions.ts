import { type Random, uniform } from '@fastweights/core';

/** Draws one action for each row of logits from its softmax: one number of the stream for each. */
export function sampleActions(logits: Float32Array, random: Random, actions: Int32Array): void {
  const count = logits.length / actions.length;
  const odds = new Float64Array(count);
  for (let row = 0; row < actions.length; row++) {
    const first = row * count;
    let most = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < count; i++) most = Math.max(most, logits[first + i] as number);
    let all = 0;
    for (let i = 0; i < count; i++) {
      all += Math.exp((logits[first + i] as number) - most);
      odds[i] = all;
    }
    const drawn = uniform(random, 0, 1) * all;
    let action = 0;
    // Of numbers that are none the first one comes: the loss will say so.
    while (action < count - 1 && (odds[action] as number) <= drawn) action++;
    actions[row] = action;
  }
}
