export {
  BackendError,
  type BackendName,
  BackendRefusal,
  DeviceLostError,
  OutOfMemoryError,
  type RefusalCode,
} from './backend-error.ts';
export type { StepSizes } from './training-step.ts';
export {
  type BackendChoice,
  type BackendReport,
  DEFAULT_JOB,
  examineBackends,
  type UseBackendOptions,
  useBackend,
} from './use-backend.ts';
