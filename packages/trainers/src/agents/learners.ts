import { CREW_KEYS, type CrewContext, type CrewOptions } from '../workers/crew.ts';
import { joinSharedLearner, type SharedLearner } from './shared-learner.ts';
import { framesOf, freeLock, type SharedMemory } from './shared-memory.ts';

// Learners are a crew whose workers share weights: what is the same in Node and on a page.

/** What the memory says of a crew. */
type Known = 'workers' | 'onLost' | 'progressOf';

export type LearnersOptions<Crew extends CrewOptions> = Omit<Crew, Known> & {
  /** What they share, each as a worker of it. Without it, one learns alone. */
  readonly memory: SharedMemory | undefined;
};

export const LEARNERS_KEYS: readonly string[] = [
  'memory',
  ...CREW_KEYS.filter((key) => !['workers', 'onLost', 'progressOf'].includes(key)),
];

interface LearnerData {
  readonly memory: SharedMemory | undefined;
  readonly data: unknown;
}

/** What each learner is given. */
export interface LearnerContext<Data> extends CrewContext<Data> {
  /** For `trainAgent`; undefined for one that learns alone. */
  readonly shared: SharedLearner | undefined;
}

/** A crew that frees the weights when one dies while it changes them, and gets on as long as frames are lived through. */
export const crewOfLearners = (
  memory: SharedMemory | undefined,
  data: unknown,
): Pick<CrewOptions, Known | 'data'> => ({
  workers: memory?.workers ?? 1,
  data: (index: number, restarts: number): LearnerData => ({
    memory,
    data: typeof data === 'function' ? data(index, restarts) : data,
  }),
  ...(memory && {
    onLost: (index: number) => void freeLock(memory, index),
    progressOf: (index: number) => framesOf(memory, index),
  }),
});

export function learnerOf<Data>(context: CrewContext<unknown>): LearnerContext<Data> {
  const { memory, data } = context.data as LearnerData;
  const shared = memory && joinSharedLearner(memory, context.index);
  return { ...context, data: data as Data, shared };
}
