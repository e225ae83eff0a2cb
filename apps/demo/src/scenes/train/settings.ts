import type { Signal } from '@preact/signals';
import { addressed } from '../../state/address.ts';
import { choiceSetting, numberSetting } from '../../state/settings.ts';
import { isKind, type Kind, kinds } from './kinds.ts';

export const sizes = ['20', '50', '100'] as const;
export type Size = (typeof sizes)[number];

export const units: Signal<Size> = choiceSetting('units', '50', sizes);
export const seed: Signal<number> = numberSetting('seed', 7, { min: 0, max: 999_999 });

const inOrder = (chosen: readonly string[]): string =>
  kinds.filter((kind) => chosen.includes(kind)).join();

/** Names with commas between them: settings are compared as texts. */
const racing: Signal<string> = addressed('race', kinds.join(), {
  read: (text) =>
    inOrder(
      text
        .toLowerCase()
        .split(/[\s,]+/)
        .filter(isKind),
    ) || undefined,
  write: String,
});

export const isChosen = (kind: Kind): boolean => racing.value.split(',').includes(kind);

/** At least one stays. */
export function choose(kind: Kind, isOn: boolean): void {
  const others = racing.value.split(',').filter((name) => name !== kind);
  racing.value = inOrder(isOn ? [...others, kind] : others) || racing.value;
}
