import './train.css';
import type { ComponentChildren, JSX } from 'preact';
import { thousands } from '../../charts/format.ts';
import { Caption } from '../../parts/caption.tsx';
import { Segments } from '../../parts/segments.tsx';
import { TableTwin } from '../../parts/table-twin.tsx';
import type { Scene } from '../scene.ts';
import { Curves } from './curves.tsx';
import { FilesPart } from './files-part.tsx';
import { styles, UNSEEN } from './kinds.ts';
import { Numbers } from './numbers.tsx';
import { clock, field, go, isOver, isTraining, pause, reset, standings } from './race.ts';
import { SeedField } from './seed-field.tsx';
import { seed, sizes, units } from './settings.ts';
import { errorOf, type Standing, underOne } from './standing.ts';
import { Status } from './status.tsx';
import { Table } from './table.tsx';
import { tablesOf } from './tables.ts';

function Panel(): JSX.Element {
  const lines = field.value
    .map((kind) => standings.value[kind])
    .filter((line) => line !== undefined);
  const hasBegun = lines.length > 0;
  const word = isTraining.value ? 'Pause' : hasBegun ? 'Go on' : 'Train';
  return (
    <figure class="panel parts train">
      <div class="whole deck">
        <button
          type="button"
          class="button main begin"
          disabled={isOver.value}
          onClick={() => (isTraining.value ? pause() : go())}
        >
          {isOver.value ? 'Done' : word}
        </button>
        <button type="button" class="button" disabled={!hasBegun} onClick={reset}>
          Reset
        </button>
        <Segments
          label="Units"
          choices={sizes}
          words={{ 100: '100 units' }}
          value={units.value}
          onChange={(next) => {
            units.value = next;
          }}
        />
        <SeedField />
        <Status />
      </div>
      <div>
        <Caption title={`Error on ${thousands(UNSEEN)} unseen strings`}>
          per cent, against updates of 128 strings
        </Caption>
        <Curves lines={lines} label={labelOf(lines)} />
      </div>
      <div class="side">
        <Table />
        <FilesPart />
      </div>
      <div class="foot">
        <figcaption>{captionOf(lines)}</figcaption>
        <TableTwin tables={lines.length > 0 ? tablesOf(lines) : []} />
      </div>
    </figure>
  );
}

function labelOf(lines: readonly Standing[]): string {
  const parts = lines
    .filter((line) => line.curve.length > 0)
    .map((line) => `${styles[line.kind].name} ${perCent(line)} after ${line.update} updates`);
  return `Learning curves. ${parts.length > 0 ? parts.join(', ') : 'Nothing is trained yet'}.`;
}

const perCent = (line: Standing): string => `${(100 * (errorOf(line) ?? 1)).toFixed(1)} %`;

function captionOf(lines: readonly Standing[]): ComponentChildren {
  const [first] = lines.filter((line) => line.curve.length > 0);
  if (!first) {
    return (
      <>
        Nothing is trained yet. <b>Train</b> begins: all networks get the same strings, and are
        tested on the same {thousands(UNSEEN)} others.
      </>
    );
  }
  const under = underOne(first);
  const others = lines.filter((line) => line !== first && line.curve.length > 0);
  const stuck = others.filter((line) => (errorOf(line) ?? 1) > 0.5);
  return (
    <>
      After {thousands(first.update)} updates and {Math.round(clock.value)} seconds,{' '}
      <b>
        {styles[first.kind].name} {first.kind === 'fast-weights' ? 'are' : 'is'} at {perCent(first)}{' '}
        error
      </b>
      {under !== undefined && <>, under 1 % since update {thousands(under)}</>}
      {stuck.length > 0 && <>; {stuckOf(stuck, others)}</>}. The paper’s LSTM leaves the plateau
      after tens of thousands of updates.
    </>
  );
}

/** Who knows no more than which digits occurred. */
function stuckOf(stuck: readonly Standing[], others: readonly Standing[]): string {
  const all = stuck.length === others.length && stuck.length > 1;
  const who = all ? 'all others' : stuck.map(({ kind }) => styles[kind].name).join(' and ');
  return `${who} still ${stuck.length > 1 ? 'know' : 'knows'} no more than which digits occurred`;
}

const Command = (): JSX.Element => {
  const [kind = 'fast-weights'] = field.value;
  const model = kind === 'fast-weights' ? '' : ` --model ${kind}`;
  return <>{`fastweights train retrieval${model} --units ${units.value} --seed ${seed.value}`}</>;
};

export const scene: Scene = { Panel, Numbers, Command };
