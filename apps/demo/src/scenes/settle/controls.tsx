import type { JSX } from 'preact';
import { fixed } from '../../charts/format.ts';
import { Range } from '../../parts/range.tsx';
import { Switch } from '../../parts/switch.tsx';
import { goTo, step, text } from '../../state/moment.ts';
import { eta, lambda, MOST_READS, norm, reads, toDefaults } from './state.ts';

export const Controls = (): JSX.Element => (
  <div class="controls">
    <Range
      label="Step, t"
      min={1}
      max={text.value.length}
      value={step.value}
      text={`${step.value}, “${text.value[step.value - 1]}”`}
      onInput={goTo}
    />
    <Range
      label="Reads, S"
      min={0}
      max={MOST_READS}
      value={reads.value}
      text={String(reads.value)}
      onInput={(value) => {
        reads.value = value;
      }}
    />
    <Range
      label="Decay, λ"
      min={0.5}
      max={1}
      step={0.01}
      value={lambda.value}
      text={fixed(lambda.value)}
      onInput={(value) => {
        lambda.value = value;
      }}
    />
    <Range
      label="Strength, η"
      min={0}
      max={1}
      step={0.01}
      value={eta.value}
      text={fixed(eta.value)}
      onInput={(value) => {
        eta.value = value;
      }}
    />
    <Switch
      value={norm.value}
      onChange={(value) => {
        norm.value = value;
      }}
    >
      Layer norm
    </Switch>
    <button type="button" class="button bare flush" onClick={toDefaults}>
      Back to the defaults
    </button>
  </div>
);
