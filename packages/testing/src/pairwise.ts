/** One value for each factor. */
export type Combination<F extends Record<string, readonly unknown[]>> = {
  [K in keyof F]: F[K][number];
};

/** Of some of the factors, by index, the index of the value each has. */
type Row = ReadonlyMap<number, number>;

/**
 * Few combinations in which every pair of values of every two factors occurs at least once (and,
 * of a single factor, every value). Greedy and deterministic: each row starts from the first pair
 * still missing and gives every other factor, in order, the value that adds the most new pairs.
 */
export function pairwise<const F extends Record<string, readonly unknown[]>>(
  factors: F,
): Combination<F>[] {
  const names = Object.keys(factors);
  const choices: (readonly unknown[])[] = Object.values(factors);
  const empty = names.filter((_, factor) => choices[factor]?.length === 0);
  if (empty.length > 0) throw new Error(`pairwise: no values for ${empty.join(', ')}`);

  let missing = allPairs(choices);
  const rows: Row[] = [];
  while (missing[0]) {
    const row = complete(missing[0], choices, missing);
    missing = missing.filter((pair) => !covers(row, pair));
    rows.push(row);
  }
  return rows.map((row) => {
    const chosen = names.map((name, factor) => [name, choices[factor]?.[row.get(factor) ?? -1]]);
    return Object.fromEntries(chosen) as Combination<F>;
  });
}

function complete(start: Row, choices: readonly (readonly unknown[])[], missing: Row[]): Row {
  const gain = (row: Row): number => missing.filter((pair) => covers(row, pair)).length;
  let row = start;
  for (const [factor, values] of choices.entries()) {
    if (row.has(factor)) continue;
    row = values
      .map((_, value): Row => new Map([...row, [factor, value]]))
      .reduce((best, candidate) => (gain(candidate) > gain(best) ? candidate : best));
  }
  return row;
}

function covers(row: Row, pair: Row): boolean {
  return [...pair].every(([factor, value]) => row.get(factor) === value);
}

/** A value paired with itself is that value alone: what is left to cover of a single factor. */
function allPairs(choices: readonly (readonly unknown[])[]): Row[] {
  const cells = choices.flatMap((values, factor) =>
    values.map((_, value) => [factor, value] as const),
  );
  const pairs = cells.flatMap((a, i) =>
    cells.slice(i).flatMap((b) => (a === b || a[0] !== b[0] ? [new Map([a, b])] : [])),
  );
  return choices.length > 1 ? pairs.filter((pair) => pair.size === 2) : pairs;
}
