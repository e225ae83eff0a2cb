import { drawJob, type Family } from './draw-job.ts';
import { ContenderUnavailable } from './errors.ts';
import type { Hosts } from './hosts.ts';
import { decodeFloats } from './protocol.ts';
import type { Entry } from './roster.ts';
import { type SizeName, sizes } from './sizes.ts';

export interface LossAndGradients {
  readonly loss: number;
  /** By our paths. */
  readonly gradients: ReadonlyMap<string, Float32Array>;
}

/** Someone who can train the model, and is timed doing so. */
export interface Contender {
  readonly name: string;
  readonly group: string;
  readonly family: Family;
  readonly side: 'ours' | 'peer';
  readonly versions: Readonly<Record<string, string>>;
  readonly device: string;
  readonly threads: number;
  /** How it computes, in words. */
  readonly mode: string;
  gradients(batch: number): Promise<LossAndGradients>;
  /** Trains on; the milliseconds of every step. */
  run(steps: number): Promise<readonly number[]>;
  dispose(): Promise<void>;
}

/** @throws ContenderUnavailable */
export async function startContender(
  entry: Entry,
  size: SizeName,
  hosts: Hosts,
): Promise<Contender> {
  const { name, group, family, side, threads, form } = entry;
  try {
    const worker = await hosts.worker(entry.host);
    const job = drawJob(family, sizes[size]);
    const { mode } = await worker.ask({ do: 'init', id: name, form, ...job });
    return {
      ...{ name, group, family, side, threads, mode },
      ...worker.greeting,
      async gradients(batch) {
        const answer = await worker.ask({ do: 'gradients', id: name, batch });
        const gradients = new Map<string, Float32Array>();
        for (const [path, numbers] of Object.entries(answer.gradients)) {
          gradients.set(path, decodeFloats(numbers));
        }
        return { loss: answer.loss, gradients };
      },
      run: async (steps) => (await worker.ask({ do: 'run', id: name, steps })).ms,
      dispose: async () => {
        await worker.ask({ do: 'dispose', id: name });
      },
    };
  } catch (error) {
    throw new ContenderUnavailable(name, error instanceof Error ? error.message : String(error), {
      cause: error,
    });
  }
}
