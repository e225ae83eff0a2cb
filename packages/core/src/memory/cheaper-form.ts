import type { MemoryForm } from '../ops/fast-weights-scan/attributes.ts';

/** The form that needs fewer multiply-adds for so many writes: S T H by attention, (2 + S) H² by the matrix. */
export function cheaperForm(writes: number, units: number, innerSteps: number): MemoryForm {
  const S = Math.max(1, innerSteps);
  return S * writes < (2 + S) * units ? 'attention' : 'matrix';
}
