import { FastWeightsError } from '@fastweights/core';
import { prepareExperiment, restoreExperiment } from '@fastweights/experiments';
import { serve } from '../../engine/rpc.ts';
import { type BackendReport, type BackendWish, startBackend } from '../../engine/start-backend.ts';
import type { Kind } from './kinds.ts';
import { configOf, droppedModel, type Entrant } from './race-config.ts';
import { type Lap, type Racer, racer } from './racer.ts';

/** The place of a kind in the race is taken: by a new network, or by one of a file. */
export interface Entered {
  readonly kind: Kind;
  readonly units: number;
  readonly seed: number;
}

const racers = new Map<Kind, Racer>();
let started: Promise<BackendReport> | undefined;
let last: Promise<unknown> = Promise.resolve();

/** One at a time: what is saved is not trained meanwhile. */
function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  const result = last.then(work);
  last = result.catch(() => undefined);
  return result;
}

function place(kind: Kind, next: Racer): void {
  racers.get(kind)?.dispose();
  racers.set(kind, next);
}

function racing(kind: Kind): Racer {
  const found = racers.get(kind);
  if (!found) throw new FastWeightsError('race', `No ${kind} races here.`);
  return found;
}

const calls = {
  start(wish: BackendWish): Promise<BackendReport> {
    started ??= startBackend(wish);
    return started;
  },

  enter: (entrant: Entrant): Promise<void> =>
    inTurn(async () => {
      await started;
      place(entrant.kind, racer(prepareExperiment(configOf(entrant))));
    }),

  /** Which place a file would take; it is refused here, if at all. */
  inspect: async (bytes: Uint8Array): Promise<Kind> => {
    const { kind, config, weights } = droppedModel(bytes);
    restoreExperiment({ config, weights }).dispose();
    return kind;
  },

  /** Whoever was in its place stays there if the file is refused. */
  drop: (bytes: Uint8Array): Promise<Entered> =>
    inTurn(async () => {
      await started;
      const model = droppedModel(bytes);
      const { kind, config } = model;
      place(kind, racer(restoreExperiment(model)));
      return { kind, units: config.model.units, seed: config.seed };
    }),

  advance: (kind: Kind): Promise<Lap> => inTurn(() => racing(kind).advance()),

  ask: ({ kind, text }: { readonly kind: Kind; readonly text: string }): Promise<number[]> =>
    inTurn(() => racing(kind).probabilities(text)),

  bytes: (kind: Kind): Promise<Uint8Array> => inTurn(() => racing(kind).bytes()),
};

export type TrainCalls = typeof calls;

serve(calls);
