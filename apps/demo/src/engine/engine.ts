import { type ReadonlySignal, signal } from '@preact/signals';
import { choiceSetting, flagSetting } from '../state/settings.ts';
import type { EngineCalls } from './engine.worker.ts';
import { type Connection, connect } from './rpc.ts';
import type { BackendReport, BackendWish } from './start-backend.ts';

const backends = ['auto', 'webgpu', 'wasm', 'webgl', 'cpu'] as const;
const backend = choiceSetting('backend', 'auto', backends);
const software = flagSetting('software', false);

/** What the address asks for; scenes with workers of their own hand it to `startBackend` there. */
export const backendWish: BackendWish = { backend: backend.value, software: software.value };

export type BackendState =
  | { readonly is: 'starting' }
  | { readonly is: 'ready'; readonly report: BackendReport }
  | { readonly is: 'failed'; readonly message: string };

const state = signal<BackendState>({ is: 'starting' });
export const backendState: ReadonlySignal<BackendState> = state;

let engine: Connection<EngineCalls> | undefined;

/** The worker that computes scenes 1 and 2; it is started once, when it is first asked for. */
export function useEngine(): Connection<EngineCalls> {
  if (engine) return engine;
  const started = connect<EngineCalls>(
    new Worker(new URL('./engine.worker.ts', import.meta.url), { type: 'module', name: 'engine' }),
  );
  started.call('start', backendWish).then(
    (report) => {
      state.value = { is: 'ready', report };
    },
    ({ message }: Error) => {
      state.value = { is: 'failed', message };
    },
  );
  engine = started;
  return started;
}
