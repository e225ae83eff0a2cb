// Numbers as people read them: 1,400 · 6.50 % · 1 min 05 s.

export const count = (value: number): string => value.toLocaleString('en-US');

/** Per cent with two decimals, and with another one below a hundredth: one string of 20,000 is 0.005. */
export const perCent = (value: number): string => value.toFixed(value > 0 && value < 0.01 ? 3 : 2);

export const percent = (share: number): string => `${perCent(100 * share)} %`;

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
