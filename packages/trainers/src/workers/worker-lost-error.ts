import { FastWeightsError } from '@fastweights/core';

/** Another worker of the group is gone, so that nobody can go on. */
export class WorkerLostError extends FastWeightsError {
  /** Its index. */
  readonly worker: number;

  constructor(worker: number, of: number, how = 'ended before the others', options?: ErrorOptions) {
    super(
      'worker-lost',
      `Worker ${worker} of ${of} (they count from 0) ${how}. Training can go on from the last state that was saved, ` +
        'with as many workers.',
      options,
    );
    this.worker = worker;
  }
}
