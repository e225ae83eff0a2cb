import { FastWeightsError } from '@fastweights/core';

/** A backend that can compute; `tensorflow` is tfjs-node-gpu or tfjs-node. */
export type BackendName = 'tensorflow' | 'webgpu' | 'wasm' | 'webgl' | 'cpu';

export type RefusalCode =
  | 'not-here'
  | 'not-installed'
  | 'not-built'
  | 'library-missing'
  | 'no-gpu'
  | 'no-adapter'
  | 'software-adapter'
  | 'did-not-start'
  | 'self-test-failed'
  | 'job-failed';

/** One backend was not taken: why, and what to do about it. */
export class BackendRefusal extends FastWeightsError {
  readonly backend: BackendName;
  override readonly code: RefusalCode;
  /** What was found. */
  readonly reason: string;
  /** What to do about it. */
  readonly cure: string;

  constructor(
    backend: BackendName,
    code: RefusalCode,
    reason: string,
    cure: string,
    options?: ErrorOptions,
  ) {
    super(code, `${backend}: ${reason} ${cure}`, options);
    this.backend = backend;
    this.code = code;
    this.reason = reason;
    this.cure = cure;
  }
}

/** No backend, or not the one that was asked for, can be used; `refused` has the reasons and the cures. */
export class BackendError extends FastWeightsError {
  readonly refused: readonly BackendRefusal[];

  constructor(refused: readonly BackendRefusal[]) {
    super(
      'backend',
      `No backend could be used.\n${refused.map((r) => `  ${r.message}`).join('\n')}`,
    );
    this.refused = refused;
  }
}

/** The GPU went away while it was in use. What was on it is gone; what was saved is not. */
export class DeviceLostError extends FastWeightsError {
  readonly backend: BackendName;

  constructor(backend: BackendName, reason: string) {
    super(
      'device-lost',
      `The device of ${backend} was lost (${reason}). Its tensors are gone: take another backend with useBackend(), ` +
        'make the model anew and load the last saved weights.',
    );
    this.backend = backend;
  }
}

/** WebAssembly has no room for another tensor; its memory ends at 4 GiB. Nothing was overwritten. */
export class OutOfMemoryError extends FastWeightsError {
  constructor(bytes: number) {
    super(
      'out-of-memory',
      `The wasm backend has no ${bytes} bytes left. Take smaller batches, wrap your steps in tf.tidy, or take another backend.`,
    );
  }
}
