import type { Contender } from './contender.ts';
import { median, spread } from './statistics.ts';

export interface Pace {
  readonly rounds: number;
  /** Steps of one contender in one round. */
  readonly steps: number;
}

export interface Timing {
  readonly contender: Contender;
  readonly stepsPerRound: number;
  /** The median step of every round, in ms. */
  readonly rounds: readonly number[];
  /** The median of these. */
  readonly ms: number;
  /** How far the rounds lie apart, as a share. */
  readonly spread: number;
}

/** A turn is this long at least: the first steps after the others' turns find cold caches. */
const SHORTEST_ROUND = 1000;
/** A slow contender's round is cut to about this, but to no fewer than so many steps. */
const LONGEST_ROUND = 2000;
const FEWEST_STEPS = 4;
/** Threads of the one before may still spin. */
const PAUSE = 500;
/** Compilers of all kinds watch what runs often; everybody gets this long before the clock counts. */
const WARM_UP = 3000;

/** Lets contenders train by turns: everybody once in every round, the order turned round each time. */
export async function race(
  contenders: readonly Contender[],
  { rounds, steps }: Pace,
  tell: (text: string) => void,
): Promise<Timing[]> {
  const lanes = [];
  for (const contender of contenders) {
    tell(`${contender.name} warms up`);
    let each = median(await contender.run(2));
    const warm = performance.now() + WARM_UP;
    while (performance.now() < warm) {
      each = median(await contender.run(clamp(steps, 1, Math.ceil(SHORTEST_ROUND / each))));
    }
    const stepsPerRound = clamp(
      steps,
      Math.ceil(SHORTEST_ROUND / each),
      Math.max(FEWEST_STEPS, Math.floor(LONGEST_ROUND / each)),
    );
    lanes.push({ contender, stepsPerRound, medians: [] as number[] });
  }
  for (let round = 0; round < rounds; round++) {
    tell(`round ${round + 1} of ${rounds}`);
    for (const lane of round % 2 === 0 ? lanes : [...lanes].reverse()) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
      lane.medians.push(median(await lane.contender.run(lane.stepsPerRound)));
    }
  }
  return lanes.map(({ contender, stepsPerRound, medians }) => ({
    contender,
    stepsPerRound,
    rounds: medians,
    ms: median(medians),
    spread: spread(medians),
  }));
}

const clamp = (value: number, least: number, most: number): number =>
  Math.min(Math.max(value, least), most);
