import {
  type BackendChoice,
  BackendError,
  type BackendName,
  type BackendRefusal,
  useBackend,
} from '@fastweights/backends';

/** What the page asks for: `?backend=wasm&software=1`. */
export interface BackendWish {
  readonly backend: 'auto' | BackendName;
  readonly software: boolean;
}

interface Refusal {
  readonly backend: BackendName;
  readonly reason: string;
  readonly cure: string;
}

/** What computes, in plain data: for the badge. */
export interface BackendReport {
  readonly name: BackendName;
  readonly device: string;
  readonly version: string;
  readonly fused: boolean;
  /** Why fused kernels are off, where they should be on. */
  readonly unfused?: string;
  readonly milliseconds: Readonly<Partial<Record<BackendName, number>>>;
  readonly refused: readonly Refusal[];
}

/**
 * In a worker: takes the backend that was asked for, or the fastest that passes its self-test. One that was asked for and
 * refused is said so, and another computes.
 */
export async function startBackend({ backend, software }: BackendWish): Promise<BackendReport> {
  if (backend === 'auto') return reportOf(await useBackend({ software }));
  try {
    return reportOf(await useBackend({ prefer: backend, software }));
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    const other = reportOf(await useBackend({ software: false }));
    const asked = error.refused.map(plain);
    return { ...other, refused: [...asked, ...other.refused.filter((r) => r.backend !== backend)] };
  }
}

const plain = ({ backend, reason, cure }: BackendRefusal): Refusal => ({ backend, reason, cure });

function reportOf(choice: BackendChoice): BackendReport {
  const { name, device, version, fused, unfused, milliseconds, refused } = choice;
  return {
    ...{ name, device, version, fused, milliseconds },
    ...(unfused !== undefined && { unfused }),
    refused: refused.map(plain),
  };
}
