import { effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { addressed } from './address.ts';

export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const isTheme = (text: string | null): text is Theme => themes.some((theme) => theme === text);

function kept(): Theme {
  try {
    const theme = localStorage.getItem('theme');
    return isTheme(theme) ? theme : 'auto';
  } catch {
    return 'auto';
  }
}

/** In the address only where it was asked for there: a shared lesson need not bring its teacher's theme along. */
const asked = addressed<Theme | undefined>('theme', undefined, {
  read: (text) => (isTheme(text) ? text : undefined),
  write: String,
});

export const theme: Signal<Theme> = signal(asked.value ?? kept());

export function setTheme(next: Theme): void {
  theme.value = next;
  asked.value = undefined;
  try {
    localStorage.setItem('theme', next);
  } catch {
    // It then holds until the page is left.
  }
}

const system = matchMedia('(prefers-color-scheme: dark)');
const systemIsDark = signal(system.matches);
system.addEventListener('change', ({ matches }) => {
  systemIsDark.value = matches;
});

const dark = signal(false);
/** Whether the page is dark now; canvases draw again when it changes. */
export const isDark: ReadonlySignal<boolean> = dark;

effect(() => {
  const { dataset } = document.documentElement;
  if (theme.value === 'auto') delete dataset['theme'];
  else dataset['theme'] = theme.value;
  dark.value = theme.value === 'dark' || (theme.value === 'auto' && systemIsDark.value);
});
