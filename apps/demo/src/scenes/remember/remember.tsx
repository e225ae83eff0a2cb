import './remember.css';
import type { ComponentChildren, JSX } from 'preact';
import { Arcs } from '../../charts/arcs.tsx';
import { ClassColumns } from '../../charts/class-columns.tsx';
import { fixed, percent, scientific } from '../../charts/format.ts';
import { MirroredBars } from '../../charts/mirrored-bars.tsx';
import { StateColumns } from '../../charts/state-columns.tsx';
import { Caption } from '../../parts/caption.tsx';
import { Player, TimeSlider } from '../../parts/scrubber.tsx';
import { Segments } from '../../parts/segments.tsx';
import { TableTwin } from '../../parts/table-twin.tsx';
import type { Reading } from '../../recall/reading.ts';
import { currentReading } from '../../recall/recall.ts';
import { goTo, step, text } from '../../state/moment.ts';
import { choiceSetting } from '../../state/settings.ts';
import type { Scene } from '../scene.ts';
import { expectedAnswer } from './expected-answer.ts';
import { lit } from './lit.ts';
import { MatrixPart } from './matrix-part.tsx';
import { type Moment, momentOf } from './moment-of.ts';
import { Numbers } from './numbers.tsx';
import { tablesOf } from './tables.ts';
import { TextField } from './text-field.tsx';
import { Tiles } from './tiles.tsx';

const forms = ['matrix', 'attention'] as const;
const form = choiceSetting('read', 'attention', forms);
const DIGITS = [...'0123456789'];

function Panel(): JSX.Element {
  const reading = currentReading.value;
  const moment = reading && momentOf(reading, step.value);
  return (
    <figure class="panel parts remember">
      <Sequence {...{ reading, moment }} />
      <MatrixPart reading={reading} now={moment?.step ?? step.value} />
      <hr />
      <ReadBack moment={moment} />
      <Answer {...{ reading, moment }} />
      <div class="foot">
        <figcaption>
          {reading && moment ? captionOf(reading, moment) : 'The network is being prepared.'}
        </figcaption>
        <TableTwin tables={reading && moment ? tablesOf(reading, moment) : []} />
      </div>
    </figure>
  );
}

interface Shown {
  readonly reading: Reading | undefined;
  readonly moment: Moment | undefined;
}

function Sequence({ reading, moment }: Shown): JSX.Element {
  const steps = text.value.length;
  const now = step.value;
  const facts = reading?.facts;
  return (
    <div>
      <Caption title="What the query looks at">
        <small>
          λ<sup>t−τ</sup> ⟨h(τ), h₀⟩, wider is stronger
        </small>
      </Caption>
      <div class={lit.value === 'arc' ? 'lit' : undefined}>
        <Arcs weights={moment?.weights ?? []} steps={steps} label={arcsLabel(reading, moment)} />
      </div>
      <Tiles />
      <TimeSlider
        {...{ steps, now }}
        onGo={goTo}
        name="Time step"
        text={`step ${now} of ${steps}, ${text.value[now - 1]}`}
      />
      <Player {...{ steps, now }} onGo={goTo} hasKeys>
        <TextField />
        <output>
          step <b>{now}</b> of {steps}
        </output>
      </Player>
      <div class="states">
        <Caption title="Hidden state h(τ)">
          {facts &&
            `${facts.units} units, λ = ${fixed(facts.decayRate)}, η = ${fixed(facts.learningRate)}, S = ${facts.innerSteps}`}
        </Caption>
        <div class={lit.value === 'state' ? 'lit' : undefined}>
          <StateColumns
            states={reading?.hidden ?? [...text.value].map(() => [])}
            {...{ now }}
            label={`The hidden states of ${now} steps`}
          />
        </div>
      </div>
    </div>
  );
}

function arcsLabel(reading: Reading | undefined, moment: Moment | undefined): string {
  const top = moment?.ranked[0];
  if (!reading || !moment || top === undefined) return 'Nothing has been written yet.';
  return `Step ${moment.step} attends most to step ${top + 1}, ${reading.text[top]}, with a weight of ${fixed(moment.weights[top] ?? 0)}.`;
}

const ReadBack = ({ moment }: Pick<Shown, 'moment'>): JSX.Element => (
  <div class={lit.value === 'read' ? 'lit' : undefined}>
    <Caption title="What is read back">
      <Segments
        label="Read with"
        choices={forms}
        value={form.value}
        onChange={(next) => {
          form.value = next;
        }}
      />
    </Caption>
    <MirroredBars
      above={moment?.matrixRead ?? []}
      below={moment?.attentionRead ?? []}
      names={['matrix A h₀', 'attention Σ w h']}
      chosen={form.value === 'matrix' ? 'above' : 'below'}
      label={`The same numbers from the matrix, above, and by attention, below; the largest difference is ${scientific(moment?.difference ?? 0)}.`}
    />
  </div>
);

function Answer({ reading, moment }: Shown): JSX.Element {
  const steps = reading?.text.length ?? text.value.length;
  const isAsked = moment?.step === steps;
  const expected = reading && expectedAnswer(reading.text);
  const probabilities = isAsked ? reading?.probabilities : undefined;
  const best = probabilities?.indexOf(Math.max(...probabilities));
  const note = isAsked
    ? expected === undefined
      ? 'no right answer'
      : expected === best
        ? `${expected} is right`
        : `${expected} would be right`
    : `asked at step ${steps}`;
  return (
    <div class="answer-digits">
      <Caption title="Answer">{note}</Caption>
      <ClassColumns
        names={DIGITS}
        probabilities={probabilities}
        label={
          probabilities && best !== undefined
            ? `The answer is ${best}, with probability ${fixed(probabilities[best] ?? 0)}.`
            : `The answer comes at step ${steps}.`
        }
      />
    </div>
  );
}

function captionOf({ text: read, facts }: Reading, moment: Moment): ComponentChildren {
  const [top, second] = moment.ranked;
  if (top === undefined || (moment.shares[top] ?? 0) === 0) {
    return `At step ${moment.step} there is nothing to read: the memory is empty. Move on a few steps.`;
  }
  const part = (at: number): JSX.Element => (
    <>
      on step {at + 1} (<b>{read[at]}</b>)
    </>
  );
  const pairs = Math.max(0, Math.floor((read.length - 3) / 2));
  return (
    <>
      At step {moment.step} the query <b>{moment.character}</b> puts{' '}
      {percent(moment.shares[top] ?? 0)} of its attention {part(top)}
      {second !== undefined && (
        <>
          {' '}
          and {percent(moment.shares[second] ?? 0)} {part(second)}
        </>
      )}
      . Matrix and attention give the same numbers: the largest difference is{' '}
      <span class="difference">{scientific(moment.difference)}</span>.
      {pairs !== facts.pairs && ` The network was trained on strings of ${facts.pairs} pairs.`}
    </>
  );
}

const Command = (): JSX.Element => (
  <>{`fastweights recall "${text.value}" --run remember.safetensors`}</>
);

export const scene: Scene = { Panel, Numbers, Command };
