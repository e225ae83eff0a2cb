import { type ReproduceOptions, type RunOne, type RunOutcome, reproduce } from './reproduce.ts';

/**
 * The same as `reproduce` for a plan that depends on what its own first runs bring: it is asked again after each stage, and
 * the work ends when it names no other run. Where a stage is not done, a plan does not name what follows from it; the next
 * time, what is done is found and the stages go on.
 *
 * @param planOf all runs that are known, given what became of some of them
 */
export async function reproduceInStages<
  Run extends { readonly hash: string },
  Result extends object,
>(
  planOf: (outcomes: readonly RunOutcome<Run, Result>[]) => Promise<readonly Run[]>,
  runOne: RunOne<Run, Result>,
  options: ReproduceOptions<Run, Result>,
): Promise<RunOutcome<Run, Result>[]> {
  const outcomes: RunOutcome<Run, Result>[] = [];
  for (;;) {
    const known = new Set(outcomes.map(({ run }) => run.hash));
    const plan = await planOf(outcomes);
    const stage = plan.filter(({ hash }) => !known.has(hash));
    if (stage.length === 0) return outcomes;
    const begun = outcomes.length;
    const of = begun + stage.length;
    const onEvent: typeof options.onEvent = (event) =>
      options.onEvent?.({ ...event, index: begun + event.index, of });
    outcomes.push(...(await reproduce(stage, runOne, { ...options, onEvent })));
  }
}
