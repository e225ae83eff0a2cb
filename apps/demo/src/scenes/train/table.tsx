import type { JSX } from 'preact';
import { thousands } from '../../charts/format.ts';
import { type Kind, kinds, styles } from './kinds.ts';
import { standings } from './race.ts';
import { choose, isChosen, units } from './settings.ts';
import { errorOf, underOne } from './standing.ts';

const perCent = (error: number | undefined): string =>
  error === undefined ? '–' : (100 * error).toFixed(1);

/** Who races, and where they stand; the paper's test errors beside it. */
export const Table = (): JSX.Element => (
  <table class="standings">
    <caption class="unseen">Where the networks stand</caption>
    <thead>
      <tr>
        <th scope="col">Network</th>
        <th scope="col" class="number">
          now, %
        </th>
        <th scope="col" class="number">
          under 1 % after
        </th>
        <th scope="col" class="number">
          paper, %
        </th>
      </tr>
    </thead>
    <tbody>
      {kinds.map((kind) => (
        <Row key={kind} kind={kind} />
      ))}
    </tbody>
  </table>
);

function Row({ kind }: { readonly kind: Kind }): JSX.Element {
  const { name, colour, width, dash, paper } = styles[kind];
  const standing = standings.value[kind];
  const isOn = isChosen(kind);
  const after = standing && underOne(standing);
  const size = String(standing?.units ?? units.value);
  return (
    <tr class={isOn ? (kind === 'fast-weights' ? 'own' : undefined) : 'out'}>
      <th scope="row">
        <label>
          <input
            type="checkbox"
            checked={isOn}
            onChange={({ currentTarget }) => {
              choose(kind, currentTarget.checked);
              currentTarget.checked = isChosen(kind);
            }}
          />
          <svg width="30" height="10" aria-hidden="true">
            <line
              x2="30"
              y1="5"
              y2="5"
              stroke={`var(${colour})`}
              stroke-width={width}
              stroke-dasharray={dash.join(' ')}
            />
          </svg>
          <span>
            {name}
            {standing?.file !== undefined && <small>{size} units, from a file</small>}
          </span>
        </label>
      </th>
      <td class="number">{perCent(standing && errorOf(standing))}</td>
      <td class="number">{after === undefined ? '–' : thousands(after)}</td>
      <td class="number">{paper[size] ?? '–'}</td>
    </tr>
  );
}
