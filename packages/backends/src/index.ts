export type { BackendName } from './candidates.ts';
export {
  type BackendChoice,
  BackendError,
  type Refusal,
  type UseBackendOptions,
  useBackend,
} from './use-backend.ts';
