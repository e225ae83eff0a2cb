import type { JSX } from 'preact';
import { MOST_CHARACTERS, mendText, text } from '../../state/moment.ts';
import { newString } from './new-string.ts';

/** Any string at once, and one that nobody has thought of. */
export const TextField = (): JSX.Element => (
  <>
    <label class="field">
      String
      <input
        class="string"
        value={text.value}
        maxLength={MOST_CHARACTERS}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        onInput={({ currentTarget }) => {
          const mended = mendText(currentTarget.value);
          if (mended !== '') text.value = mended;
          if (mended !== currentTarget.value && mended !== '') currentTarget.value = mended;
        }}
        onBlur={({ currentTarget }) => {
          currentTarget.value = text.value;
        }}
      />
    </label>
    <button
      type="button"
      class="button bare"
      onClick={() => {
        text.value = newString(text.value);
      }}
    >
      New string
    </button>
  </>
);
