import { FastWeightsError } from '@fastweights/core';
import type { GroupMemory } from './group-memory.ts';

// What goes between the thread that starts workers and the workers themselves.

/** What a worker of a group is started with. */
export interface WorkerStart {
  readonly memory: GroupMemory;
  readonly index: number;
  readonly data: unknown;
}

/** What a worker of a crew is started with. */
export interface CrewStart {
  readonly index: number;
  readonly of: number;
  readonly restarts: number;
  readonly data: unknown;
}

export type FromWorker =
  | { readonly kind: 'message'; readonly message: unknown }
  | { readonly kind: 'result'; readonly result: unknown }
  | {
      readonly kind: 'error';
      readonly error: PlainError;
      /** Whether this project threw it, knowing why. */
      readonly isOurs: boolean;
    };

export interface ToWorker {
  readonly kind: 'abort';
  readonly reason: PlainError;
}

/** An error as plain data: what is sent between threads loses its class, its code and all other fields. */
export interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
}

export function toPlainError(thrown: unknown): PlainError {
  if (!(thrown instanceof Error)) {
    return { name: 'Error', message: String(thrown), stack: undefined, fields: {} };
  }
  const { name, message, stack } = thrown;
  const fields = Object.entries(thrown).filter(([key, value]) => key !== 'name' && travels(value));
  return { name, message, stack, fields: Object.fromEntries(fields) };
}

/** An error with the same name, message and fields; with a code it is one of this project. */
export function fromPlainError({ name, message, stack, fields }: PlainError): Error {
  const { code } = fields;
  const error = typeof code === 'string' ? new FastWeightsError(code, message) : new Error(message);
  if (stack !== undefined) error.stack = stack;
  return Object.assign(error, fields, { name });
}

function travels(value: unknown): boolean {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}
