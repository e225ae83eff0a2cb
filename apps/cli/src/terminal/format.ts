// Numbers as people read them: 1,400 · 6.50 % · 1 min 05 s.

export const count = (value: number): string => value.toLocaleString('en-US');

export const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

/** A share in percent, without the zeros that nobody asked for: 1, 0.5. */
export const asPercent = (share: number): number => Number((100 * share).toFixed(4));

/** How sure the network is, never rounded up to certainty. */
export const sureness = (share: number): string =>
  share > 0.999 ? 'over 99.9 %' : `${(100 * share).toFixed(1)} %`;

export function duration(seconds: number): string {
  const whole = Math.floor(seconds);
  if (whole < 60) return `${whole} s`;
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}
