import type { Line } from './line.ts';

const BAR = 16;

/** `━━━──   43 %` */
export function progressBar(share: number): Line {
  const whole = Math.min(Math.max(share, 0), 1);
  const full = Math.round(BAR * whole);
  return [
    ['read', '━'.repeat(full)],
    ['faint', '─'.repeat(BAR - full)],
    `${String(Math.floor(100 * whole)).padStart(4)} %`,
  ];
}
