import type { JSX } from 'preact';
import { fixed } from '../../charts/format.ts';
import { Equation, Sign, Term } from '../../parts/equation.tsx';
import { text } from '../../state/moment.ts';
import { expectedAnswer } from '../remember/expected-answer.ts';
import { answer } from './race.ts';

/** The loss on the string of scene 1, with the weights of this moment. */
export function Numbers(): JSX.Element {
  const right = expectedAnswer(text.value);
  const probability =
    right !== undefined && answer.value?.text === text.value
      ? answer.value.probabilities[right]
      : undefined;
  const shown = probability === undefined ? '–' : fixed(probability, 3);
  const loss = probability === undefined ? '–' : fixed(-Math.log(probability), 3);
  return (
    <Equation label={`The loss is ${loss}, minus the logarithm of the probability ${shown}.`}>
      <Term value={loss}>loss</Term>
      <Sign>=</Sign>
      <Sign>−</Sign>
      <Sign>ln</Sign>
      <Term value={shown}>
        <i>p</i>({right ?? '?'} | {text.value})
      </Term>
    </Equation>
  );
}
