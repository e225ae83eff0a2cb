import type { CrewStart, FromWorker, ToWorker } from '../workers/thread-messages.ts';

/** What goes to a worker of a page, which is started empty-handed. */
export type ToPageWorker =
  | ToWorker
  | {
      readonly kind: 'start';
      readonly start: CrewStart;
      /** The Web Lock that it is to hold. */
      readonly lock: string | undefined;
    };

export type FromPageWorker =
  | FromWorker
  /** It listens. */
  | { readonly kind: 'ready' }
  /** It holds its lock. */
  | { readonly kind: 'begun' };
