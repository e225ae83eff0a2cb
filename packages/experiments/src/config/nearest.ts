/** How many letters must be changed, added, left out or swapped with their neighbour to make one word the other. */
export function editDistance(one: string, other: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, j) => j);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1];
      const changed = (last[j - 1] as number) + (same ? 0 : 1);
      const least = Math.min(changed, (last[j] as number) + 1, (row[j - 1] as number) + 1);
      const swaps = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      row.push(swaps ? Math.min(least, (beforeLast[j - 2] as number) + 1) : least);
    }
    [beforeLast, last] = [last, row];
  }
  return last[other.length] as number;
}

/** The choice that was probably meant, if any is close: upper case, hyphens and dots do not count. */
export function nearest(found: string, choices: readonly string[]): string | undefined {
  const plain = (text: string): string => text.toLowerCase().replace(/[-_ .]/g, '');
  const word = plain(found);
  if (word === '') return undefined;
  const ranked = choices
    .map((choice) => ({ choice, distance: distanceOf(word, plain(choice)) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best && best.distance <= Math.max(1.5, word.length / 3) ? best.choice : undefined;
}

/** A choice may have been abbreviated: what its beginning is like counts nearly as much as all of it. */
function distanceOf(word: string, choice: string): number {
  const whole = editDistance(word, choice);
  if (word.length < 3) return whole;
  const beginnings = [-1, 0, 1].map((more) => choice.slice(0, word.length + more));
  return Math.min(whole, ...beginnings.map((start) => editDistance(word, start) + 0.5));
}
