export const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((total, value, i) => total + value * (b[i] ?? 0), 0);

export const sizeOf = (vector: readonly number[]): number => Math.sqrt(dot(vector, vector));

export const difference = (a: readonly number[], b: readonly number[]): number[] =>
  a.map((value, i) => value - (b[i] ?? 0));

export const cosine = (a: readonly number[], b: readonly number[]): number => {
  const sizes = sizeOf(a) * sizeOf(b);
  return sizes > 0 ? dot(a, b) / sizes : 0;
};

/** Each part of the whole; all 0 where there is nothing. */
export function sharesOf(weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + Math.abs(weight), 0);
  return weights.map((weight) =>
    total > 0 && Number.isFinite(total) ? Math.abs(weight) / total : 0,
  );
}
