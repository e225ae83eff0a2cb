import '@fastweights/core/gradients';
import { checkChoice, checkInteger, checkKeys, checkRange } from '@fastweights/core';
import { enableProdMode, engine, getBackend, setBackend } from '@tensorflow/tfjs-core';
import { candidates } from '#candidates';
import {
  BackendError,
  type BackendName,
  BackendRefusal,
  DeviceLostError,
} from './backend-error.ts';
import type { Candidate } from './candidate.ts';
import { type Examination, examine, timeStep } from './examine.ts';
import { addFusedKernels, areAdded, hasFusedKernels, removeFusedKernels } from './fused-kernels.ts';
import type { StepSizes } from './training-step.ts';

export interface UseBackendOptions {
  /** Take this backend or fail. Without it, the one that is fastest at `job` is taken. */
  readonly prefer?: BackendName;
  /** Whether a GPU that is only emulated may be taken too. Default false. */
  readonly software?: boolean;
  /** Whether fused kernels compute what they can. Default true. */
  readonly fused?: boolean;
  /** The sizes to be fast at. Default: associative retrieval, a batch of 128 through 11 steps of 50 units. */
  readonly job?: StepSizes;
}

export interface BackendChoice {
  readonly name: BackendName;
  /** The npm package that it comes from, and its version. */
  readonly packageName: string;
  readonly version: string;
  /** What computes, in words. */
  readonly device: string;
  /** Whether fused kernels are on. */
  readonly fused: boolean;
  /** Why they are not, where they should be. */
  readonly unfused?: string;
  /** What one training step of the job takes, for each backend that was timed. */
  readonly milliseconds: Readonly<Partial<Record<BackendName, number>>>;
  /** What was not taken, and why. */
  readonly refused: readonly BackendRefusal[];
  /** Aborted with a DeviceLostError when the device goes away. */
  readonly lost: AbortSignal;
}

export const DEFAULT_JOB: StepSizes = { batchSize: 128, time: 11, units: 50 };

const choices = new Map<string, BackendChoice>();
let turn: Promise<unknown> = Promise.resolve();

/** One after the other: whoever tries backends needs tfjs's one active backend for itself. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const result = turn.then(work);
  turn = result.catch(() => {});
  return result;
}

/**
 * Makes tfjs ready to train: tries the backends that there may be here, proves each with a training step whose right
 * result is known, and takes the fastest. The choice is made once per process and set of options.
 *
 * @throws BackendError
 */
export async function useBackend(options: UseBackendOptions = {}): Promise<BackendChoice> {
  checkOptions('useBackend', options, ['prefer', 'software', 'fused', 'job']);
  const { prefer, software = false, fused = true, job = DEFAULT_JOB } = options;
  const key = JSON.stringify([prefer, software, fused, job]);
  return inTurn(async () => {
    const earlier = choices.get(key);
    const choice =
      earlier && isThere(earlier) ? earlier : await choose(prefer, job, { software, fused });
    choices.set(key, choice);
    if (getBackend() !== choice.name) await setBackend(choice.name);
    if (!fused) removeFusedKernels(choice.name);
    else if (choice.unfused === undefined) await addFusedKernels(choice.name);
    return choice;
  });
}

const isThere = ({ name, lost }: BackendChoice): boolean =>
  !lost.aborted && name in engine().registryFactory;

async function choose(
  prefer: BackendName | undefined,
  job: StepSizes,
  trial: { readonly software: boolean; readonly fused: boolean },
): Promise<BackendChoice> {
  enableProdMode();
  const tried = candidates.filter(({ name }) => prefer === undefined || name === prefer);
  if (prefer !== undefined && tried.length === 0) {
    const names = candidates.map(({ name }) => name).join(', ');
    const cure = `Here there can be ${names}.`;
    throw new BackendError([new BackendRefusal(prefer, 'not-here', 'It does not run here.', cure)]);
  }
  const examined: Examination[] = [];
  for (const candidate of tried) examined.push(await examine(candidate, trial));
  const race = await timeAll(examined, prefer === undefined ? job : undefined);
  const { milliseconds } = race;
  const refused = [...examined.flatMap(({ refusal }) => refusal ?? []), ...race.refused];
  const [best] = examined
    .filter(({ name, started }) => started && !race.refused.some(({ backend }) => backend === name))
    .sort((a, b) => (milliseconds[a.name] ?? 0) - (milliseconds[b.name] ?? 0));
  if (!best?.started) throw new BackendError(refused);

  await setBackend(best.name);
  const { started, unfused } = best;
  const { packageName, version, device, lost } = started;
  return {
    name: best.name,
    packageName,
    version,
    device,
    fused: hasFusedKernels(best.name),
    ...(unfused !== undefined && { unfused }),
    milliseconds,
    refused,
    lost: lostSignal(best.name, lost),
  };
}

type Milliseconds = Partial<Record<BackendName, number>>;

interface Race {
  readonly milliseconds: Milliseconds;
  /** Those that cannot do the job at all. */
  readonly refused: readonly BackendRefusal[];
}

/** A single backend needs no race. */
async function timeAll(
  examined: readonly Examination[],
  job: StepSizes | undefined,
): Promise<Race> {
  const milliseconds: Milliseconds = {};
  const refused: BackendRefusal[] = [];
  const runners = examined.filter(({ started }) => started);
  if (!job || runners.length < 2) return { milliseconds, refused };
  let best = Number.POSITIVE_INFINITY;
  for (const { name } of runners) {
    const time = await timeStep(name, job, best);
    if (time instanceof BackendRefusal) {
      refused.push(time);
      continue;
    }
    milliseconds[name] = time;
    best = Math.min(best, time);
  }
  return { milliseconds, refused };
}

function lostSignal(name: BackendName, lost: Promise<string> | undefined): AbortSignal {
  const controller = new AbortController();
  lost?.then((reason) => controller.abort(new DeviceLostError(name, reason)));
  return controller.signal;
}

export interface BackendReport {
  readonly name: BackendName;
  readonly packageName?: string;
  readonly version?: string;
  readonly device?: string;
  /** One training step of the job. */
  readonly milliseconds?: number;
  readonly fused?: boolean;
  /** Why there are no fused kernels, where there should be. */
  readonly unfused?: string;
  readonly refusal?: BackendRefusal;
}

/** Tries every backend that there may be here, in order, and says how each did; afterwards all is as it was. */
export async function examineBackends(
  options: Omit<UseBackendOptions, 'prefer'> = {},
): Promise<BackendReport[]> {
  checkOptions('examineBackends', options, ['software', 'fused', 'job']);
  const { software = false, fused = true, job = DEFAULT_JOB } = options;
  return inTurn(() => examineAll(job, { software, fused }));
}

async function examineAll(
  job: StepSizes,
  trial: { readonly software: boolean; readonly fused: boolean },
): Promise<BackendReport[]> {
  enableProdMode();
  const active = engine().backendName;
  const reports: BackendReport[] = [];
  for (const candidate of candidates) {
    const hadKernels = areAdded(candidate.name);
    reports.push(await report(candidate, job, trial));
    if (hadKernels) await addFusedKernels(candidate.name);
    else removeFusedKernels(candidate.name);
  }
  if (active) await setBackend(active);
  return reports;
}

async function report(
  candidate: Candidate,
  job: StepSizes,
  trial: { readonly software: boolean; readonly fused: boolean },
): Promise<BackendReport> {
  const examined = await examine(candidate, trial);
  const { name } = examined;
  if (examined.refusal) return { name, refusal: examined.refusal };
  const { packageName, version, device } = examined.started;
  const milliseconds = await timeStep(name, job, Number.POSITIVE_INFINITY);
  if (milliseconds instanceof BackendRefusal) return { name, refusal: milliseconds };
  const { unfused } = examined;
  const fused = hasFusedKernels(name);
  return {
    name,
    packageName,
    version,
    device,
    milliseconds,
    fused,
    ...(unfused !== undefined && { unfused }),
  };
}

/** More numbers than this in one drive are no training step, but a mistake. */
const MOST_NUMBERS = 2 ** 28;

function checkOptions(owner: string, options: UseBackendOptions, known: readonly string[]): void {
  checkKeys(owner, options, known);
  const { prefer, software, fused, job } = options;
  if (prefer !== undefined) {
    checkChoice('prefer', prefer, ['tensorflow', 'webgpu', 'wasm', 'webgl', 'cpu']);
  }
  if (software !== undefined) checkChoice('software', software, [true, false]);
  if (fused !== undefined) checkChoice('fused', fused, [true, false]);
  if (job === undefined) return;
  checkKeys('job', job, ['batchSize', 'time', 'units']);
  checkInteger('job.batchSize', job.batchSize, 1);
  // Of a single step the recurrent kernel is no part: it has no gradient.
  checkInteger('job.time', job.time, 2);
  checkInteger('job.units', job.units, 1);
  checkRange('job.batchSize · time · units', job.batchSize * job.time * job.units, 1, MOST_NUMBERS);
}
