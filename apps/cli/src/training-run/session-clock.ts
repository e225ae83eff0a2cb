import { readSessions, type Session, writeSessions } from './sessions.ts';

/** Times this session of a run. */
export interface SessionClock {
  /** Of the sessions before. */
  readonly earlier: readonly Session[];
  computesOn(place: Pick<Session, 'backend' | 'device'>): void;
  /** Writes down how long it has been, and answers all sessions. */
  save(): Promise<readonly Session[]>;
}

export interface SessionClockOptions {
  readonly workers: number;
  /** Whether the run goes on: the sessions before are its own. */
  readonly goesOn: boolean;
  /** Is told where a run goes on elsewhere, or with other workers: other digits come of it. */
  note(text: string): void;
}

export async function startClock(
  directory: string,
  { workers, goesOn, note }: SessionClockOptions,
): Promise<SessionClock> {
  const earlier = goesOn ? await readSessions(directory) : [];
  const started = new Date().toISOString();
  const startedAt = performance.now();
  let place: Pick<Session, 'backend' | 'device'> | undefined;
  return {
    earlier,
    computesOn({ backend, device }) {
      place = { backend, device };
      const last = earlier.at(-1);
      if (!last || (last.workers === workers && last.backend === backend)) return;
      note(
        `this run was begun on ${last.backend} with --workers ${last.workers}, and goes on on ${backend} with ` +
          `--workers ${workers}: its last digits are no longer those of an undisturbed run.`,
      );
    },
    async save() {
      const seconds = (performance.now() - startedAt) / 1000;
      // A state is only saved once it is known what computes.
      const here = place as Pick<Session, 'backend' | 'device'>;
      const sessions = [...earlier, { started, workers, ...here, seconds }];
      await writeSessions(directory, sessions);
      return sessions;
    },
  };
}
