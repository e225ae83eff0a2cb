import type { JSX } from 'preact';
import { lowered, sized } from '../../charts/format.ts';
import { sizeOf } from '../../charts/vectors.ts';
import { Equation, Sign, Term } from '../../parts/equation.tsx';
import { currentSettling, loop, norm, reads } from './state.ts';

/** The last move with the sizes of its terms: eq. 2, or eq. 5 with layer norm. */
export function Numbers(): JSX.Element {
  const settling = currentSettling.value;
  const current = loop.value;
  const s = reads.value;
  const size = (vector: readonly number[] | undefined): string =>
    vector ? sized(sizeOf(vector)) : '–';
  const isNormed = norm.value && s > 0;
  return (
    <Equation label="One move of the state">
      <Term value={size(current?.hidden[s])}>
        <i>h</i>
        <sub>{s}</sub>
      </Term>
      <Sign>=</Sign>
      <Sign>
        <i>f</i>
      </Sign>
      <Sign>{isNormed ? '( LN[' : '('}</Sign>
      <Term value={size(settling?.recurrent)}>
        <i>W h</i>
      </Term>
      <Sign>+</Sign>
      <Term value={size(settling?.driven)}>
        <i>C x</i>
      </Term>
      {s > 0 && (
        <>
          <Sign>+</Sign>
          <Term value={settling && current ? sized(readSize(s - 1)) : '–'}>
            <i>A h</i>
            {lowered(s - 1)}
          </Term>
        </>
      )}
      <Sign>{isNormed ? '] )' : ')'}</Sign>
    </Equation>
  );
}

/** |A h_s|, from what it attends to. */
function readSize(s: number): number {
  const settling = currentSettling.value;
  const weights = loop.value?.weights[s];
  if (!settling || !weights) return 0;
  const units = settling.recurrent.length;
  const read = Array.from({ length: units }, (_, unit) =>
    weights.reduce((sum, weight, i) => sum + weight * (settling.past[i]?.[unit] ?? 0), 0),
  );
  return settling.learningRate * sizeOf(read);
}
