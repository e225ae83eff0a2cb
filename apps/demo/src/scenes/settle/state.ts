import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import { useEngine } from '../../engine/engine.ts';
import { latest } from '../../recall/latest.ts';
import { modelVersion } from '../../recall/recall.ts';
import type { Loop, Settling, SettlingRequest } from '../../recall/settling.ts';
import { step, text } from '../../state/moment.ts';
import { flagSetting, numberSetting } from '../../state/settings.ts';

export const MOST_READS = 5;

/** S, λ, η and layer norm of the moment; the network was trained with 1, 0.9, 0.5 and layer norm. */
export const reads = numberSetting('reads', 4, { min: 0, max: MOST_READS });
export const lambda = numberSetting('lambda', 0.9, { min: 0.5, max: 1, step: 0.01 });
export const eta = numberSetting('eta', 0.5, { min: 0, max: 1, step: 0.01 });
export const norm = flagSetting('norm', true);

export function toDefaults(): void {
  reads.value = 4;
  lambda.value = 0.9;
  eta.value = 0.5;
  norm.value = true;
}

const settling = signal<Settling | undefined>(undefined);
export const currentSettling: ReadonlySignal<Settling | undefined> = settling;

/** The loop that is looked at. */
export const loop: ReadonlySignal<Loop | undefined> = computed(() =>
  norm.value ? settling.value?.normalised : settling.value?.plain,
);

const ask = latest((request: SettlingRequest) => useEngine().call('settle', request));

effect(() => {
  void modelVersion.value;
  const request = {
    text: text.value,
    step: step.value,
    decayRate: lambda.value,
    learningRate: eta.value,
  };
  ask(request, (found) => {
    settling.value = found;
  });
});
