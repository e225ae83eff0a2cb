import './settle.css';
import type { ComponentChildren, JSX } from 'preact';
import { fixed, lowered, percent, scientific, sized } from '../../charts/format.ts';
import { sharesOf } from '../../charts/vectors.ts';
import { Caption } from '../../parts/caption.tsx';
import { TableTwin } from '../../parts/table-twin.tsx';
import type { Loop, Settling } from '../../recall/settling.ts';
import type { Scene } from '../scene.ts';
import { AttentionRows } from './attention-rows.tsx';
import { Controls } from './controls.tsx';
import { FadePlot } from './fade-plot.tsx';
import { movesOf } from './moves.ts';
import { MovesPlot } from './moves-plot.tsx';
import { Numbers } from './numbers.tsx';
import { PathPlot } from './path-plot.tsx';
import { collisionIn, type Picture, pictureOf, strongest } from './picture.ts';
import { currentSettling, eta, lambda, loop, MOST_READS, norm, reads } from './state.ts';
import { tablesOf } from './tables.ts';

const plotHeight = (width: number): number => Math.min(340, Math.max(280, width * 0.92));

function Panel(): JSX.Element {
  const settling = currentSettling.value;
  const current = loop.value;
  const picture = settling && current && pictureOf(settling, current, reads.value);
  return (
    <figure class="panel parts settle">
      <Controls />
      <div>
        <Caption title={<>The path of h{'\u209b'}</>}>far states at the edge</Caption>
        {settling && current && picture && <Path {...{ settling, current, picture }} />}
      </div>
      <div>
        <Caption title="Attention at each read">share, per cent</Caption>
        <AttentionRows
          shares={picture?.shares ?? []}
          characters={picture?.characters ?? []}
          reads={reads.value}
          height={plotHeight}
          label={picture ? attentionLabel(picture) : 'Being computed.'}
        />
      </div>
      <hr />
      <div class="life">
        <h3>The memory’s life</h3>
        <p class="sum">{settling && lifeOf(settling)}</p>
      </div>
      <div>
        <Caption title="Where an item fades">weight against age</Caption>
        <FadePlot decayRate={lambda.value} characters={picture?.characters ?? []} />
      </div>
      <div>
        <Caption title="Does it settle?">size of each move, log scale</Caption>
        <MovesPlot
          normalised={settling ? movesOf(settling.normalised) : []}
          plain={settling ? movesOf(settling.plain) : []}
        />
      </div>
      <div class="foot">
        <figcaption>{picture ? captionOf(picture) : 'The network is being prepared.'}</figcaption>
        <TableTwin tables={settling && picture ? tablesOf(settling, picture) : []} />
      </div>
    </figure>
  );
}

interface PathProps {
  readonly settling: Settling;
  readonly current: Loop;
  readonly picture: Picture;
}

const Path = ({ settling, current, picture }: PathProps): JSX.Element => (
  <PathPlot
    path={current.hidden.slice(0, picture.reads + 1)}
    settled={settling.normalised.hidden.slice(0, MOST_READS + 1)}
    memories={settling.past}
    shares={picture.shares[picture.reads] ?? []}
    fitted={strongest(sharesOf(settling.normalised.weights.at(-1) ?? []))}
    characters={picture.characters}
    height={plotHeight}
    label={`The state moves ${picture.reads} times, to a size of ${sized(picture.size)}. ${attentionLabel(picture)}`}
  />
);

function attentionLabel({ shares, top, characters, reads: S }: Picture): string {
  if (top.length === 0) return 'Nothing is attended to.';
  const parts = top.map(
    (i) => `${percent(shares[S]?.[i] ?? 0)} on step ${i + 1}, ${characters[i]}`,
  );
  return `h${lowered(S)} attends with ${parts.join(' and ')}.`;
}

function lifeOf({ text, step, past, decayRate }: Settling): ComponentChildren {
  if (past.length === 0) return 'The memory is empty at the first step: there is nothing to read.';
  const lost = 1 - decayRate ** (past.length - 1);
  const collision = collisionIn(past);
  return (
    <>
      At λ = {fixed(decayRate)} the first character has lost {percent(lost)} of its weight when step{' '}
      {step} reads it.
      {collision && (
        <>
          {' '}
          Most alike are steps {collision.steps[0] + 1} (<b>{text[collision.steps[0]]}</b>) and{' '}
          {collision.steps[1] + 1} (<b>{text[collision.steps[1]]}</b>), with a cosine of{' '}
          {fixed(collision.cosine)}: who asks for the one also hears the other.
        </>
      )}
    </>
  );
}

function captionOf(picture: Picture): ComponentChildren {
  const { characters, top, before, after, moves, reads: S, now } = picture;
  const answer = (
    <>
      {' '}
      From here the answer would be <b>{picture.answer}</b>, with {percent(picture.probability)}.
    </>
  );
  if (!norm.value && picture.diverges) {
    return (
      <>
        <b>Diverging.</b> After {S} reads the state has a size of {sized(picture.size)}, and each
        move is larger than the one before. The view is not rescaled: the arrow shows where it left.
      </>
    );
  }
  if (eta.value === 0) {
    return <>With η = 0 nothing is written: every read brings nothing, however often.{answer}</>;
  }
  if (S === 0) return <>With no reads, h₀ is all: the memory is written, never asked.{answer}</>;
  if (top.length < 2) return <>At the first steps there is little to read yet.{answer}</>;
  const [first = 0, second = 0] = top;
  const settled = moves[0] ? (moves.at(-1) ?? 0) / moves[0] : 0;
  return (
    <>
      In {S} {S === 1 ? 'read' : 'reads'} the share of <b>{now}</b>’s attention on step {first + 1}{' '}
      (<b>{characters[first]}</b>) and step {second + 1} (<b>{characters[second]}</b>) goes from{' '}
      {percent(before)} to <b>{percent(after)}</b>
      {S > 1 && (
        <>
          , and the last move is {settled < 0.01 ? scientific(settled) : percent(settled)} of the
          first
        </>
      )}
      .{answer}
    </>
  );
}

const Command = (): JSX.Element => (
  <>
    {`fastweights train retrieval --set innerSteps=${reads.value} decayRate=${lambda.value} learningRate=${eta.value}`}
    {!norm.value && ' layerNorm='}
  </>
);

export const scene: Scene = { Panel, Numbers, Command };
