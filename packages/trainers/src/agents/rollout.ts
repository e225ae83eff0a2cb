/** Steps of all worlds, one after the other, in none of which an episode has ended but in the last. */
export interface Rollout {
  readonly worlds: number;
  readonly steps: number;
  /** `[worlds, steps, observationSize]` */
  readonly observations: Float32Array;
  /** `[worlds, steps]` */
  readonly actions: Int32Array;
  readonly rewards: Float32Array;
  /** Which worlds' episodes have ended with the last step. */
  readonly ends: Uint8Array;
}

interface Step {
  readonly observations: Float32Array;
  readonly actions: Int32Array;
  readonly rewards: Float32Array;
}

/** From what all worlds were like at each step to what each world was like at all steps. */
export function rolloutOf(steps: readonly Step[], ends: Uint8Array): Rollout {
  const worlds = ends.length;
  return {
    worlds,
    steps: steps.length,
    observations: byWorld(
      steps.map(({ observations }) => observations),
      worlds,
      (size) => new Float32Array(size),
    ),
    actions: byWorld(
      steps.map(({ actions }) => actions),
      worlds,
      (size) => new Int32Array(size),
    ),
    rewards: byWorld(
      steps.map(({ rewards }) => rewards),
      worlds,
      (size) => new Float32Array(size),
    ),
    ends: ends.slice(),
  };
}

/** `[steps, worlds, size]` → `[worlds, steps, size]` */
function byWorld<Numbers extends Float32Array | Int32Array>(
  steps: readonly Numbers[],
  worlds: number,
  create: (size: number) => Numbers,
): Numbers {
  const size = (steps[0]?.length ?? 0) / worlds;
  const sorted = create(steps.length * worlds * size);
  steps.forEach((numbers, t) => {
    for (let world = 0; world < worlds; world++) {
      const own = numbers.subarray(world * size, (world + 1) * size);
      sorted.set(own, (world * steps.length + t) * size);
    }
  });
  return sorted;
}
