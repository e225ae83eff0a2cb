import { effect, type ReadonlySignal, signal } from '@preact/signals';
import { useEngine } from '../engine/engine.ts';
import { text } from '../state/moment.ts';
import { latest } from './latest.ts';
import type { Reading } from './reading.ts';
import type { RecallFacts } from './recall-model.ts';

const reading = signal<Reading | undefined>(undefined);
/** What happens in the network as it reads the string; of the string before, while the new one is computed. */
export const currentReading: ReadonlySignal<Reading | undefined> = reading;

const version = signal(0);
/** Grows when another network is taken. */
export const modelVersion: ReadonlySignal<number> = version;

/** From now on scenes 1 and 2 show this network: the bytes of an exported model. Rejects with the reason otherwise. */
export async function showModel(bytes: Uint8Array): Promise<RecallFacts> {
  const facts = await useEngine().call('load', bytes);
  version.value += 1;
  return facts;
}

const read = latest((wanted: string) => useEngine().call('read', wanted));

effect(() => {
  void version.value;
  read(text.value, (found) => {
    reading.value = found;
  });
});
