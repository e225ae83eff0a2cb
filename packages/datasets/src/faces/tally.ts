/** How often something happened, and the first few times it did. */
export interface Count {
  readonly count: number;
  readonly examples: readonly string[];
}

/** What went wrong, by kind; kinds that did not happen have a count of 0. Plain data. */
export type Counts<Kind extends string> = { readonly [kind in Kind]: Count };

export interface Tally<Kind extends string> {
  add(kind: Kind, example: string): void;
  counts(): Counts<Kind>;
}

const MOST_EXAMPLES = 5;

/** Counts on from `start`, where it is given. */
export function tally<Kind extends string>(
  kinds: readonly Kind[],
  start?: Counts<Kind>,
): Tally<Kind> {
  const found = new Map<Kind, { count: number; examples: string[] }>();
  for (const kind of kinds) {
    const before = start?.[kind];
    found.set(kind, { count: before?.count ?? 0, examples: [...(before?.examples ?? [])] });
  }
  return {
    add(kind, example) {
      const entry = found.get(kind);
      if (!entry) return;
      entry.count++;
      if (entry.examples.length < MOST_EXAMPLES) entry.examples.push(example);
    },
    counts: () => structuredClone(Object.fromEntries(found)) as unknown as Counts<Kind>,
  };
}
