import type { JSX } from 'preact';
import { fixed } from '../../charts/format.ts';
import { Equation, Sign, Term } from '../../parts/equation.tsx';
import { lookNow } from './moment.ts';
import { currentSight, glimpse } from './state.ts';

/** The lengths of all that meets where the memory is read: of the last quarter that was. */
export function Numbers(): JSX.Element {
  const look = currentSight.value && lookNow(currentSight.value, glimpse.value);
  const value = (length: number | undefined): string =>
    length === undefined ? '–' : fixed(length);
  return (
    <Equation label="The state where the memory is read, as lengths of its terms.">
      <Term value={value(look?.state)}>
        <i>h</i>
      </Term>
      <Sign>=</Sign>
      <Sign>
        <i>f</i> ( LN[
      </Sign>
      <Term value={value(look?.integrated)}>
        <i>W</i>
        <sub>int</sub> <i>h</i>
        <sub>fine</sub>
      </Term>
      <Sign>+</Sign>
      <Term value={value(look?.driven)}>
        <i>C x</i>
        <sub>coarse</sub>
      </Term>
      <Sign>+</Sign>
      <Term value={value(look?.recalled)}>
        <i>A h</i>
        <sub>0</sub>
      </Term>
      <Sign>] )</Sign>
    </Equation>
  );
}
