// Numbers as the page writes them: a true minus, and a comma in thousands.

export const fixed = (value: number, digits = 2): string => value.toFixed(digits).replace('-', '−');

export const percent = (share: number): string => `${Math.round(share * 100)} %`;

export const thousands = (value: number): string => value.toLocaleString('en');

const RAISED: Readonly<Record<string, string>> = {
  ...{ '-': '⁻', '0': '⁰', '1': '¹', '2': '²', '3': '³', '4': '⁴' },
  ...{ '5': '⁵', '6': '⁶', '7': '⁷', '8': '⁸', '9': '⁹' },
};

export const raised = (exponent: number): string =>
  [...String(exponent)].map((character) => RAISED[character] ?? character).join('');

const LOWERED = '₀₁₂₃₄₅₆₇₈₉';
export const lowered = (index: number): string => LOWERED[index] ?? String(index);

/** 2.4 × 10⁻⁷; 0 as it is. */
export function scientific(value: number): string {
  if (value === 0) return '0';
  if (!Number.isFinite(value)) return 'more than float32 holds';
  const [digits = '', exponent = ''] = value.toExponential(1).split('e');
  return `${digits.replace('-', '−')} × 10${raised(Number(exponent))}`;
}

/** Readable from 0.001 to 99,999, in powers of ten beyond. */
export const sized = (value: number): string =>
  value !== 0 && (value < 0.005 || value >= 1e5) ? scientific(value) : fixed(value);
