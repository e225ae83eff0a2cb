import { retrievalAlphabet } from '@fastweights/datasets';
import { computed, type ReadonlySignal, type Signal } from '@preact/signals';
import { addressed } from './address.ts';
import { clamp, numberSetting } from './settings.ts';

// What scenes share: the string that the network reads, and the moment that is looked at.

export const MOST_CHARACTERS = 19;
const FIRST_TEXT = 'c9k8j3f1??c';

/** What can be read of a text: letters, digits and question marks. */
export function mendText(text: string): string {
  const characters = [...text.toLowerCase()].filter((c) => retrievalAlphabet.includes(c));
  return characters.slice(0, MOST_CHARACTERS).join('');
}

export const text: Signal<string> = addressed('text', FIRST_TEXT, {
  read: (given) => mendText(given) || undefined,
  write: String,
});

/** 0 is the last step, however long the string is. */
const chosen = numberSetting('step', 0, { min: 0, max: MOST_CHARACTERS });

/** The step that is looked at, from 1. */
export const step: ReadonlySignal<number> = computed(() => {
  const { length } = text.value;
  return chosen.value === 0 ? length : Math.min(chosen.value, length);
});

export function goTo(wanted: number): void {
  const { length } = text.value;
  const place = clamp(wanted, 1, length);
  chosen.value = place === length ? 0 : place;
}
