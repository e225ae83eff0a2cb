import { readSafetensors } from '@fastweights/core';

/** The name of the first stored tensor that is not finite everywhere. */
export function firstNotFinite(safetensors: Uint8Array): string | undefined {
  for (const [name, { values }] of readSafetensors(safetensors).tensors) {
    if (!values.every(Number.isFinite)) return name;
  }
  return undefined;
}
