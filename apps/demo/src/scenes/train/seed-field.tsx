import type { JSX } from 'preact';
import { clamp } from '../../state/settings.ts';
import { seed } from './settings.ts';

/** Everything random in a race follows from it: equal seeds, equal races. */
export const SeedField = (): JSX.Element => (
  <label class="field">
    Seed
    <input
      type="text"
      inputMode="numeric"
      size={5}
      value={seed.value}
      onChange={({ currentTarget }) => {
        const wanted = Math.round(Number(currentTarget.value));
        if (Number.isFinite(wanted)) seed.value = clamp(wanted, 0, 999_999);
        currentTarget.value = String(seed.value);
      }}
    />
  </label>
);
