import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { backendWish } from '../../engine/engine.ts';
import { type Connection, connect } from '../../engine/rpc.ts';
import { latest } from '../../recall/latest.ts';
import { addressed } from '../../state/address.ts';
import { choiceSetting, numberSetting } from '../../state/settings.ts';
import { readDrawing, writeDrawing } from './drawing-code.ts';
import type { Face, LookCalls, LookRequest, Sight, Subject } from './look.worker.ts';
import { type Drawing, INK } from './pen.ts';
import { shippedDigit, shippedDigits } from './shipped-digits.ts';

export const GLIMPSES = 24;
const FACES = 30;

export const subject: Signal<Subject> = choiceSetting('picture', 'digit', ['digit', 'face']);
export const digit: Signal<string> = choiceSetting('digit', '3', shippedDigits);
const face: Signal<number> = numberSetting('face', 0, { min: 0, max: FACES - 1 });
/** The glimpse that is looked at, from 1. */
export const glimpse: Signal<number> = numberSetting('glimpse', GLIMPSES, {
  min: 1,
  max: GLIMPSES,
});
/** The quarter that is wiped from the picture once it was stored, from 1; 0 for none. */
export const hidden: Signal<number> = numberSetting('hide', 0, { min: 0, max: 4 });

/** What was drawn; nothing where a digit that comes with the page is shown. */
const drawn: Signal<string> = addressed('drawing', '', {
  read: (text) => (readDrawing(text) ? text : undefined),
  write: String,
});

export const drawing: ReadonlySignal<Drawing> = computed(
  () => readDrawing(drawn.value) ?? shippedDigit(digit.value),
);
export const isDrawn: ReadonlySignal<boolean> = computed(() => drawn.value !== '');

export function draw(next: Drawing): void {
  drawn.value = writeDrawing(next);
}

export function anotherDigit(): void {
  const place = shippedDigits.indexOf(digit.value);
  if (drawn.value === '') digit.value = shippedDigits[(place + 1) % shippedDigits.length] ?? '3';
  drawn.value = '';
}

export function anotherFace(): void {
  face.value = (face.value + 1) % FACES;
}

const sight = signal<Sight | undefined>(undefined);
/** The picture as the network saw it; the one before, while a new one is computed. */
export const currentSight: ReadonlySignal<Sight | undefined> = sight;
const shownFace = signal<Face | undefined>(undefined);
export const currentFace: ReadonlySignal<Face | undefined> = shownFace;
const problem = signal<string | undefined>(undefined);
export const failure: ReadonlySignal<string | undefined> = problem;

let connection: Connection<LookCalls> | undefined;

function worker(): Connection<LookCalls> {
  if (connection) return connection;
  connection = connect<LookCalls>(
    new Worker(new URL('./look.worker.ts', import.meta.url), { type: 'module', name: 'look' }),
  );
  connection.call('start', backendWish).catch(({ message }: Error) => {
    problem.value = message;
  });
  return connection;
}

const look = latest((request: LookRequest) => worker().call('look', request));
const showFace = latest((number: number) => worker().call('face', number));

effect(() => {
  if (subject.value === 'face') {
    showFace(face.value, (found) => {
      shownFace.value = found;
    });
  }
});

effect(() => {
  const pixels =
    subject.value === 'digit'
      ? drawing.value.map((ink) => ink * (255 / INK))
      : shownFace.value?.pixels;
  if (!pixels) return;
  look({ subject: subject.value, pixels, hidden: hidden.value }, (found) => {
    sight.value = found;
  });
});
