import type { JSX } from 'preact';
import { goTo, mendText, step, text } from '../../state/moment.ts';

/** The string, one character to a tile; typing replaces and moves on, as in a row of letters on paper. */
export function Tiles(): JSX.Element {
  const characters = [...text.value];
  const now = step.value;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a frame and a legend
    <div
      class="tiles"
      role="group"
      aria-label="Input, one character per step"
      style={{ '--steps': String(characters.length) }}
    >
      {characters.map((character, i) => (
        <input
          key={i}
          class={`tile${i === now - 1 ? ' now' : i >= now ? ' later' : character === '?' ? ' question' : ''}`}
          value={character}
          size={1}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          aria-label={`Step ${i + 1}`}
          onFocus={({ currentTarget }) => currentTarget.select()}
          onClick={() => goTo(i + 1)}
          onInput={({ currentTarget }) => typed(currentTarget, i)}
          onKeyDown={(event) => moved(event, i)}
        />
      ))}
    </div>
  );
}

function typed(tile: HTMLInputElement, at: number): void {
  const before = text.value[at] ?? '';
  const given = mendText(tile.value.replace(before, '') || tile.value);
  tile.value = given[0] ?? before;
  if (given === '') return;
  text.value = mendText(`${text.value.slice(0, at)}${given}${text.value.slice(at + given.length)}`);
  focusTile(tile, given.length);
}

function moved(event: KeyboardEvent & { currentTarget: HTMLInputElement }, at: number): void {
  const { key, currentTarget } = event;
  if (key === 'ArrowLeft' || (key === 'Backspace' && at > 0)) focusTile(currentTarget, -1);
  else if (key === 'ArrowRight') focusTile(currentTarget, 1);
  else if (key === 'Enter') goTo(at + 1);
  else return;
  event.preventDefault();
}

function focusTile(from: HTMLInputElement, by: number): void {
  const tiles = [...(from.parentElement?.querySelectorAll<HTMLInputElement>('input') ?? [])];
  const next = tiles[Math.min(Math.max(tiles.indexOf(from) + by, 0), tiles.length - 1)];
  next?.focus();
  next?.select();
}
