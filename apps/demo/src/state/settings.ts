import type { Signal } from '@preact/signals';
import { addressed } from './address.ts';

// Settings in the address, by kind. An odd value becomes the nearest that is valid.

export interface NumberOptions {
  readonly min: number;
  readonly max: number;
  readonly step?: number;
}

export function numberSetting(
  name: string,
  initial: number,
  { min, max, step = 1 }: NumberOptions,
): Signal<number> {
  return addressed(name, initial, {
    read: (text) => {
      const value = Number(text.replace(',', '.'));
      if (text.trim() === '' || Number.isNaN(value)) return undefined;
      const whole = Math.round((clamp(value, min, max) - min) / step);
      return Number((min + whole * step).toFixed(10));
    },
    write: String,
  });
}

export function choiceSetting<T extends string>(
  name: string,
  initial: T,
  choices: readonly T[],
): Signal<T> {
  return addressed(name, initial, {
    read: (text) => choices.find((choice) => choice.toLowerCase() === text.trim().toLowerCase()),
    write: String,
  });
}

const OFF = ['0', 'false', 'off', 'no'];

export function flagSetting(name: string, initial: boolean): Signal<boolean> {
  return addressed(name, initial, {
    read: (text) => !OFF.includes(text.trim().toLowerCase()),
    write: (value) => (value ? '1' : '0'),
  });
}

export const clamp = (value: number, min: number, max: number): number =>
  Math.min(Math.max(value, min), max);
