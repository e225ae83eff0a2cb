import { getBackend, setBackend } from '@tensorflow/tfjs-core';
import { type BackendName, BackendRefusal } from './backend-error.ts';
import { type Candidate, didNotStart, type StartedBackend } from './candidate.ts';
import { addFusedKernels, removeFusedKernels } from './fused-kernels.ts';
import { selfTest } from './self-test.ts';
import { type StepSizes, trainingStep } from './training-step.ts';

/** What trying a backend showed: it works, or why it was not taken. */
export type Examination =
  | {
      readonly name: BackendName;
      readonly started: StartedBackend;
      /** Why it has no fused kernels, where it should. */
      readonly unfused: string | undefined;
      readonly refusal?: undefined;
    }
  | { readonly name: BackendName; readonly started?: undefined; readonly refusal: BackendRefusal };

/** Starts a backend, with or without fused kernels, and proves it; what it throws becomes a refusal. */
export async function examine(
  candidate: Candidate,
  { software, fused }: { readonly software: boolean; readonly fused: boolean },
): Promise<Examination> {
  const { name } = candidate;
  try {
    const started = await candidate.start({ software });
    const unfused = fused ? await proveFused(name, started) : undefined;
    if (!fused || unfused !== undefined) {
      removeFusedKernels(name);
      await prove(name, started);
    }
    return { name, started, unfused };
  } catch (error) {
    const refusal =
      error instanceof BackendRefusal ? error : didNotStart(name, (error as Error).message, error);
    return { name, refusal };
  }
}

/** Proves a backend with its fused kernels; answers with what is wrong, since it may be right without them. */
async function proveFused(name: BackendName, started: StartedBackend): Promise<string | undefined> {
  try {
    await addFusedKernels(name);
    await prove(name, started);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

async function prove(
  name: BackendName,
  { complaintsDuring, device }: StartedBackend,
): Promise<void> {
  let wrong: string | undefined;
  const test = async (): Promise<void> => {
    wrong = await selfTest().catch((error: Error) => `it fails: ${error.message}`);
    if (getBackend() !== name) wrong = 'another backend was set meanwhile';
  };
  const complaint = complaintsDuring ? await complaintsDuring(test) : await test();
  const found = complaint ?? wrong;
  if (found === undefined) return;
  const reason = `On ${device} a training step is wrong: ${found}.`;
  const cure = 'Update the driver, or take another backend.';
  throw new BackendRefusal(name, 'self-test-failed', reason, cure);
}

/** Beyond this many times the best so far, the first step is judgement enough. */
const HOPELESS = 4;

/** How long a backend may warm up, in ms: compilers watch what runs often. */
const WARM_UP = 150;

/**
 * Milliseconds of one training step of these sizes, the fastest of those of a short while; the first one, which compiles
 * and allocates, does not count. A refusal where the backend cannot do it.
 */
export async function timeStep(
  name: BackendName,
  job: StepSizes,
  best: number,
): Promise<number | BackendRefusal> {
  const step = async (): Promise<number> => {
    await setBackend(name);
    const time = await timed(() => trainingStep(job));
    if (getBackend() !== name) throw new Error('another backend was set meanwhile');
    return time;
  };
  try {
    const first = await step();
    if (first > HOPELESS * best) return first;
    const end = performance.now() + WARM_UP;
    let fastest = await step();
    while (performance.now() < end) fastest = Math.min(fastest, await step());
    return fastest;
  } catch (error) {
    const reason = `A training step of the job fails: ${(error as Error).message}`;
    return new BackendRefusal(name, 'job-failed', reason, 'Make the job smaller.', {
      cause: error,
    });
  }
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}
