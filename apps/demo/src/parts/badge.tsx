import type { JSX } from 'preact';
import { backendState } from '../engine/engine.ts';
import type { BackendReport } from '../engine/start-backend.ts';

export const backendNames = {
  tensorflow: 'TensorFlow',
  webgpu: 'WebGPU',
  wasm: 'WASM',
  webgl: 'WebGL',
  cpu: 'cpu',
} as const;

/** What computes, whether its self-test passed, and what was refused and why. */
export function Badge(): JSX.Element {
  const state = backendState.value;
  if (state.is === 'starting') {
    return (
      <Frame mark={<path d="M8 4v4l3 2" />} title="Starting" note="choosing what computes">
        <p>Each backend is proved by a training step whose right result is known.</p>
      </Frame>
    );
  }
  if (state.is === 'failed') {
    return (
      <Frame mark={<path d="M5 5l6 6M11 5l-6 6" />} title="No backend" note="nothing computes">
        <p>{state.message}</p>
      </Frame>
    );
  }
  const { report } = state;
  return (
    <Frame
      mark={<path d="M4.8 8.3l2.2 2.2 4.2-4.6" />}
      title={backendNames[report.name]}
      note="self-test passed"
    >
      <Report report={report} />
    </Frame>
  );
}

interface FrameProps {
  readonly mark: JSX.Element;
  readonly title: string;
  readonly note: string;
  readonly children: JSX.Element;
}

const Frame = ({ mark, title, note, children }: FrameProps): JSX.Element => (
  <details class="badge">
    <summary>
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
        {mark}
      </svg>
      <b>{title}</b>
      <em>{note}</em>
    </summary>
    <div class="report">{children}</div>
  </details>
);

const Report = ({ report }: { readonly report: BackendReport }): JSX.Element => (
  <>
    <p>
      {backendNames[report.name]} computes, on {report.device}. Its self-test passed: a training
      step whose right result is known. Fused kernels are {report.fused ? 'on' : 'off'}
      {report.unfused === undefined ? '.' : `: ${report.unfused}`}
    </p>
    <dl>
      {Object.entries(report.milliseconds).map(([name, time]) => (
        <>
          <dt>{backendNames[name as keyof typeof backendNames]}</dt>
          <dd>{time.toFixed(1)} ms a training step</dd>
        </>
      ))}
      {report.refused.map(({ backend, reason, cure }) => (
        <>
          <dt>{backendNames[backend]}</dt>
          <dd>
            refused: {reason} {cure}
          </dd>
        </>
      ))}
    </dl>
    <p class="hint">
      {crossOriginIsolated ? 'The page is' : 'The page is not'} cross-origin isolated. The address
      may name a backend: ?backend=wasm, and &software=1 takes an emulated GPU.
    </p>
  </>
);
