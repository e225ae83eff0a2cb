import type { JSX } from 'preact';
import { setTheme, theme, themes } from '../state/theme.ts';

const words = { auto: 'as the system', light: 'light', dark: 'dark' } as const;

/** Goes through the system's theme, light and dark. */
export function ThemeButton(): JSX.Element {
  const at = themes.indexOf(theme.value);
  const next = themes[(at + 1) % themes.length] ?? 'auto';
  return (
    <button
      type="button"
      class="button bare"
      title={`Theme: ${words[theme.value]}`}
      aria-label={`Theme: ${words[theme.value]}. Change to ${words[next]}.`}
      onClick={() => setTheme(next)}
    >
      <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
        <circle cx="9" cy="9" r="7.2" fill="none" stroke="currentColor" stroke-width="1.6" />
        {theme.value === 'auto' && <path d="M9 1.8a7.2 7.2 0 0 1 0 14.4z" fill="currentColor" />}
        {theme.value === 'dark' && <circle cx="9" cy="9" r="7.2" fill="currentColor" />}
      </svg>
    </button>
  );
}
