import { backendWish } from '../../engine/engine.ts';
import { type Connection, connect } from '../../engine/rpc.ts';
import type { BackendReport } from '../../engine/start-backend.ts';
import { type Kind, kinds } from './kinds.ts';
import type { TrainCalls } from './train.worker.ts';

/** A worker, and the networks that take turns in it. */
export interface Lane extends Pick<Connection<TrainCalls>, 'call'> {
  readonly kinds: readonly Kind[];
  readonly report: Promise<BackendReport>;
  isBusy: boolean;
}

/** One core is left to the page, and one to whatever else runs; the networks share the others. */
function laneCount(): number {
  const cores = navigator.hardwareConcurrency || 2;
  return Math.min(Math.max(cores - 2, 1), kinds.length);
}

let opened: readonly Lane[] | undefined;

/** The workers are started when they are first asked for, and stay. */
export function lanes(): readonly Lane[] {
  opened ??= Array.from({ length: laneCount() }, (_, index) => openLane(index));
  return opened;
}

function openLane(index: number): Lane {
  const { call } = connect<TrainCalls>(
    new Worker(new URL('./train.worker.ts', import.meta.url), { type: 'module', name: 'train' }),
  );
  return {
    call,
    kinds: kinds.filter((_, place) => place % laneCount() === index),
    report: call('start', backendWish),
    isBusy: false,
  };
}

export function laneOf(kind: Kind): Lane {
  const lane = lanes().find((one) => one.kinds.includes(kind));
  if (!lane) throw new Error(`No lane has ${kind}.`);
  return lane;
}
