import './look.css';
import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { fixed, percent } from '../../charts/format.ts';
import { Caption } from '../../parts/caption.tsx';
import { Range } from '../../parts/range.tsx';
import { Player } from '../../parts/scrubber.tsx';
import { Segments } from '../../parts/segments.tsx';
import { TableTwin } from '../../parts/table-twin.tsx';
import type { Scene } from '../scene.ts';
import { Bars } from './bars.tsx';
import { GlimpseGrid } from './glimpse-grid.tsx';
import type { Sight } from './look.worker.ts';
import { bestOf, lookNow, momentOf, namesOf, places, wordsOf } from './moment.ts';
import { Numbers } from './numbers.tsx';
import { PicturePart } from './picture-part.tsx';
import { currentSight, GLIMPSES, glimpse, hidden, subject } from './state.ts';
import { tablesOf } from './tables.ts';

function goTo(step: number): void {
  glimpse.value = step;
}

function Panel(): JSX.Element {
  const [erases, erase] = useState(false);
  const sight = currentSight.value;
  const now = glimpse.value;
  const look = sight && lookNow(sight, now);
  const names = namesOf(sight?.subject ?? subject.value);
  const { read } = momentOf(now);
  return (
    <figure class="panel parts look">
      <PicturePart {...{ erases, erase }} />
      <div class="sequence">
        <Caption title={`24 glimpses of ${sight?.patch ?? 7} × ${sight?.patch ?? 7}`}>
          rows are quarters, in order
        </Caption>
        <GlimpseGrid sight={sight} />
        <Range
          name="Glimpse"
          min={1}
          max={GLIMPSES}
          value={now}
          text={`Glimpse ${now} of 24: ${wordsOf(now)}`}
          onInput={goTo}
        />
        <Player steps={GLIMPSES} now={now} onGo={goTo}>
          <output>
            Glimpse <b>{now}</b> of 24: {wordsOf(now)}.
          </output>
        </Player>
        <div class="wipe">
          <span class="label">Wipe a quarter once it is stored</span>
          <Segments
            label="Wipe a quarter once it is stored"
            choices={['0', '1', '2', '3', '4']}
            words={{ 0: 'none' }}
            value={String(hidden.value) as '0'}
            onChange={(choice) => {
              hidden.value = Number(choice);
            }}
          />
        </div>
      </div>
      <div class="classes">
        <div>
          <Caption title={subject.value === 'digit' ? 'Which digit?' : 'Expression?'}>
            │ without memory
          </Caption>
          <Bars
            names={names}
            values={look?.probabilities}
            others={look?.without}
            most={1}
            left={names.length > 6 ? 20 : 62}
            label={look ? answerLabel(sight, look) : 'No quarter has been read yet.'}
          />
        </div>
        <div>
          <Caption title="Read back">of each stored glance</Caption>
          <Bars
            names={places}
            values={look?.attention.map((weight, i) => (i < read ? weight : 0))}
            most={Math.max(...(sight?.looks.flatMap((one) => one.attention) ?? [1]), 1e-6)}
            left={96}
            label={
              look
                ? `Read back: ${look.attention
                    .slice(0, read)
                    .map((weight, i) => `${places[i]} ${fixed(weight)}`)
                    .join(', ')}.`
                : 'Nothing has been read yet.'
            }
          />
        </div>
      </div>
      <div class="foot">
        <figcaption>{sight ? captionOf(sight, now) : 'The network is being prepared.'}</figcaption>
        <TableTwin tables={sight ? tablesOf(sight) : []} />
      </div>
    </figure>
  );
}

function answerLabel({ subject: kind }: Sight, look: Sight['looks'][number]): string {
  const names = namesOf(kind);
  const parts = look.probabilities
    .map((probability, i) => `${names[i]} ${fixed(probability)}`)
    .join(', ');
  const { name, probability } = bestOf(names, look.without);
  return `${parts}. Without memory the answer would be ${name}, with ${fixed(probability)}.`;
}

function captionOf(sight: Sight, now: number): ComponentChildren {
  const { stored, read } = momentOf(now);
  const look = lookNow(sight, now);
  const count = stored === 1 ? 'one quarter' : `${stored} quarters`;
  if (!look) {
    return (
      <>
        After {now === 1 ? 'one glimpse' : `${now} glimpses`} {count} is stored and none is read:
        there is no answer yet.
      </>
    );
  }
  const names = namesOf(sight.subject);
  const { name, index, probability } = bestOf(names, look.probabilities);
  return (
    <>
      After {now} glimpses {count} {stored === 1 ? 'is' : 'are'} stored and {read} read: the network
      says <b>{name}</b> with {percent(probability)}. With the same weights and an empty memory it
      gives that answer {percent(look.without[index] ?? 0)}
      {read < 4 && <>. It was trained to answer only at the end</>}.
    </>
  );
}

const Command = (): JSX.Element => (
  <>
    {subject.value === 'digit'
      ? 'fastweights train mnist --units 64 --set shift=2 stepSize=0.002'
      : 'fastweights train faces --units 32 --updates 8000 --set identities=200 validationIdentities=10 shift=1 stepSize=0.002'}
  </>
);

export const scene: Scene = { Panel, Numbers, Command };
