import { type Agreement, checkAgreement } from './agreement.ts';
import { type Contender, startContender } from './contender.ts';
import type { Family } from './draw-job.ts';
import { ContenderUnavailable } from './errors.ts';
import type { Hosts } from './hosts.ts';
import { type BenchOptions, entriesFor } from './options.ts';
import { race, type Timing } from './race.ts';
import { describeSize, type SizeName } from './sizes.ts';

export interface Comparison {
  readonly size: SizeName;
  readonly timings: readonly Timing[];
  readonly agreements: readonly Agreement[];
  /** Who was not there, and why. */
  readonly absent: readonly string[];
}

/**
 * All contenders at one size: first their gradients, then their times.
 *
 * @throws DisagreementError
 */
export async function compare(
  size: SizeName,
  options: BenchOptions,
  hosts: Hosts,
  tell: (text: string) => void,
): Promise<Comparison> {
  tell(`\n${describeSize(size)}`);
  const { entries, leftOut } = entriesFor(size, options.only);
  const contenders: Contender[] = [];
  const absent = [...leftOut];
  for (const entry of entries) {
    try {
      contenders.push(await startContender(entry, size, hosts));
    } catch (error) {
      if (!(error instanceof ContenderUnavailable)) throw error;
      tell(error.message);
      absent.push(error.message);
    }
  }
  try {
    const agreements = [];
    for (const family of ['fast weights', 'LSTM'] satisfies Family[]) {
      const members = contenders.filter((contender) => contender.family === family);
      agreements.push(...(await checkAgreement(members)));
    }
    tell(`${agreements.length} losses and all their gradients agree.`);
    return { size, timings: await race(contenders, options, tell), agreements, absent };
  } finally {
    await Promise.allSettled(contenders.map((contender) => contender.dispose()));
  }
}
