import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { download, dropFile, handOver, notice } from './files.ts';
import { type Kind, styles } from './kinds.ts';
import { field, standings } from './race.ts';

/** Networks into files, and files into the race. */
export function FilesPart(): JSX.Element {
  const [wanted, want] = useState<Kind>('fast-weights');
  const [isOver, hover] = useState(false);
  const entered = field.value.filter((kind) => standings.value[kind]);
  const kind = entered.includes(wanted) ? wanted : entered[0];
  const { kind: outcome, text } = notice.value ?? {};
  return (
    <section
      class={isOver ? 'drop over' : 'drop'}
      aria-label="Checkpoints"
      onDragOver={(event) => {
        event.preventDefault();
        hover(true);
      }}
      onDragLeave={() => hover(false)}
      onDrop={(event) => {
        event.preventDefault();
        hover(false);
        const [file] = event.dataTransfer?.files ?? [];
        if (file) void dropFile(file);
      }}
    >
      <h3>Checkpoints</h3>
      <p>One file for this page and for the command line, with all that the network is.</p>
      <div class="row">
        <select
          class="button"
          aria-label="Network to keep"
          value={kind}
          disabled={!kind}
          onChange={({ currentTarget }) => want(currentTarget.value as Kind)}
        >
          {entered.length === 0 && <option>none yet</option>}
          {entered.map((one) => (
            <option key={one} value={one}>
              {styles[one].name}
            </option>
          ))}
        </select>
        <button
          type="button"
          class="button"
          disabled={!kind}
          onClick={() => kind && download(kind)}
        >
          Download
        </button>
      </div>
      <div class="row">
        <label class="button file">
          <input
            type="file"
            accept=".safetensors"
            onChange={({ currentTarget }) => {
              const [file] = currentTarget.files ?? [];
              currentTarget.value = '';
              if (file) void dropFile(file);
            }}
          />
          Open a file
        </label>
        <span class="hint">or drop one here</span>
      </div>
      <button
        type="button"
        class="button bare flush"
        disabled={!entered.includes('fast-weights')}
        onClick={() => handOver('fast-weights')}
      >
        Show the fast weights in scene 1
      </button>
      <output class={outcome === 'refused' ? 'notice refused' : 'notice'}>{text}</output>
    </section>
  );
}
