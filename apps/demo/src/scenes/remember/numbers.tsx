import type { JSX } from 'preact';
import { fixed, sized } from '../../charts/format.ts';
import { dot, sizeOf } from '../../charts/vectors.ts';
import { Equation, Sign, Term } from '../../parts/equation.tsx';
import { currentReading } from '../../recall/recall.ts';
import { step } from '../../state/moment.ts';
import { lit } from './lit.ts';
import { momentOf } from './moment-of.ts';

const light =
  (part: typeof lit.value) =>
  (on: boolean): void => {
    lit.value = on ? part : undefined;
  };

/** Eq. 4 with the numbers of this moment; those of the sum are of the step that is attended to most. */
export function Numbers(): JSX.Element {
  const reading = currentReading.value;
  const moment = reading && momentOf(reading, step.value);
  const top = moment?.ranked[0];
  const isEmpty = !reading || !moment || top === undefined;
  const decay = reading?.facts.decayRate ?? 0;
  const age = isEmpty ? 0 : moment.step - 2 - top;
  const query = isEmpty ? [] : (reading.queries[moment.step - 1] ?? []);
  const key = isEmpty ? [] : (reading.hidden[top] ?? []);
  const none = '–';
  return (
    <Equation label="What is read from the fast weights, as attention">
      <Term
        value={isEmpty ? none : `size ${sized(sizeOf(moment.matrixRead))}`}
        onLight={light('read')}
      >
        <i>A</i>(<i>t</i>) <i>h</i>
        <sub>0</sub>
      </Term>
      <Sign>=</Sign>
      <Term value={reading ? fixed(reading.facts.learningRate) : none}>
        <i>η</i>
      </Term>
      <Sign>
        Σ
        <sub>
          <i>τ</i>
        </sub>
      </Sign>
      <Term
        value={
          isEmpty ? (
            none
          ) : (
            <>
              {fixed(decay)}
              <sup>{age}</sup> = {fixed(decay ** age)}
            </>
          )
        }
        onLight={light('arc')}
      >
        <i>λ</i>
        <sup>
          <i>t</i>−<i>τ</i>
        </sup>
      </Term>
      <Term value={isEmpty ? none : fixed(dot(key, query))} onLight={light('arc')}>
        ⟨<i>h</i>(<i>τ</i>), <i>h</i>
        <sub>0</sub>⟩
      </Term>
      <Term
        value={isEmpty ? none : `step ${top + 1}, “${reading.text[top]}”`}
        onLight={light('state')}
      >
        <i>h</i>(<i>τ</i>)
      </Term>
    </Equation>
  );
}
