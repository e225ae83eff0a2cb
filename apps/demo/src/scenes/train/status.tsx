import type { JSX } from 'preact';
import { backendNames } from '../../parts/badge.tsx';
import { failure, isTraining, speed, standings, trainBackend } from './race.ts';

/** What computes in the workers, whether it passed its self-test, and how fast it goes. */
export function Status(): JSX.Element {
  const report = trainBackend.value;
  const rate = speed.value >= 10 ? speed.value.toFixed(0) : speed.value.toFixed(1);
  const hasBegun = Object.keys(standings.value).length > 0;
  if (failure.value !== undefined) return <p class="status failed">{failure.value}</p>;
  if (!report) {
    return <p class="status">{isTraining.value ? 'The workers are starting.' : ''}</p>;
  }
  return (
    <p
      class="status"
      title={`On ${report.device}. Fused kernels are ${report.fused ? 'on' : 'off'}.`}
    >
      <svg
        width="16"
        height="16"
        viewBox="0 0 16 16"
        fill="none"
        stroke="currentColor"
        stroke-width="1.6"
        aria-hidden="true"
      >
        <circle cx="8" cy="8" r="7" />
        <path d="M4.8 8.3l2.2 2.2 4.2-4.6" />
      </svg>
      <b>{backendNames[report.name]}</b>
      <span>self-test passed</span>
      {hasBegun && (
        <>
          <span aria-hidden="true">·</span>
          <span>
            <b class="rate">{rate}</b> updates / s
          </span>
        </>
      )}
    </p>
  );
}
