import type { BackendName } from '@fastweights/backends';
import type { Budget } from '@fastweights/experiments';
import { invocation } from '../invocation.ts';
import { shellQuoted } from '../shell-quoted.ts';

export interface ReproduceOptions {
  readonly budget: Budget;
  readonly models?: readonly string[];
  readonly units?: readonly number[];
  readonly seeds?: number;
  /** Of figure5, as `16,3`. */
  readonly board?: readonly string[];
  /** Of figure5: of its search, … */
  readonly trials?: number;
  /** … and of each run. */
  readonly frames?: number;
  readonly workers: number;
  readonly parallel?: number;
  readonly out: string;
  readonly backend?: BackendName;
  readonly software?: boolean;
  readonly set?: readonly string[];
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly plain?: boolean;
}

/** What to type to get the same again. */
export function commandOf(experiment: string, options: ReproduceOptions): string {
  const { budget, models, units, seeds, workers, parallel } = options;
  const { out, backend, software, set = [], board = [], trials, frames } = options;
  const parts = [
    ['reproduce', experiment, '--budget', budget],
    models ? ['--models', models.join()] : [],
    units ? ['--units', units.join()] : [],
    seeds === undefined ? [] : ['--seeds', String(seeds)],
    trials === undefined ? [] : ['--trials', String(trials)],
    frames === undefined ? [] : ['--frames', String(frames)],
    workers === 1 ? [] : ['--workers', String(workers)],
    parallel === undefined ? [] : ['--parallel', String(parallel)],
    out === 'runs/reproduce' ? [] : ['--out', out],
    backend ? ['--backend', backend] : [],
    software ? ['--software'] : [],
    board.length > 0 ? ['--board', ...board] : [],
    set.length > 0 ? ['--set', ...set] : [],
  ];
  return [invocation(), ...parts.flat().map(shellQuoted)].join(' ');
}
