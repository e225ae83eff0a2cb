import type { Family } from './draw-job.ts';
import type { SizeName } from './sizes.ts';

/** What a contender runs in; contenders with the same host share a process, and take turns in it. */
export type Host =
  | { readonly kind: 'node'; readonly script: string; readonly args: readonly string[] }
  | { readonly kind: 'python'; readonly script: string; readonly threads: number };

export interface Entry {
  readonly name: string;
  /** Contenders of one group are forms of the same thing; the best of them counts. */
  readonly group: string;
  readonly family: Family;
  readonly side: 'ours' | 'peer';
  readonly threads: number;
  readonly host: Host;
  /** What the worker calls it. */
  readonly form: string;
  /** Sizes it is left out at unless `--only` names it, and why. */
  readonly leaveOut?: Readonly<Partial<Record<SizeName, string>>>;
}

export const groups = {
  fused: 'ours, fused',
  opByOp: 'ours, op by op on tfjs-wasm',
  eager: 'PyTorch eager',
  compile: 'PyTorch torch.compile',
  jax: 'JAX jit',
  fusedLstm: 'ours, fused LSTM',
  opByOpLstm: 'ours, LSTM op by op on tfjs-wasm',
  torchLstm: 'PyTorch nn.LSTM',
  jaxLstm: 'JAX jit LSTM',
  layersLstm: 'tfjs-layers LSTM on tfjs-wasm',
} as const;

const node = (script: string, ...args: string[]): Host => ({ kind: 'node', script, args });
const python = (script: string, threads: number): Host => ({ kind: 'python', script, threads });

const long = 'its loop is written out, and takes minutes to compile at 64 steps';
const threadCounts = [1, 2];

const ours: readonly Entry[] = [
  entry('ours-fused', groups.fused, 'fast weights', node('ours.ts', 'fused'), 'fast-weights'),
  entry('ours-attention', groups.opByOp, 'fast weights', node('ours.ts', 'op-by-op'), 'attention'),
  entry('ours-matrix', groups.opByOp, 'fast weights', node('ours.ts', 'op-by-op'), 'matrix'),
  entry('ours-lstm', groups.fusedLstm, 'LSTM', node('ours.ts', 'fused'), 'lstm'),
  entry('ours-lstm-op-by-op', groups.opByOpLstm, 'LSTM', node('ours.ts', 'op-by-op'), 'lstm'),
];

function entry(name: string, group: string, family: Family, host: Host, form: string): Entry {
  const threads = host.kind === 'python' ? host.threads : 1;
  const side = group.startsWith('ours') ? 'ours' : 'peer';
  return { name, group, family, side, threads, host, form };
}

function torch(threads: number): Entry[] {
  const host = python('torch_peer.py', threads);
  const eager = ['elementwise-table', 'elementwise-plain', 'attention-table', 'matrix-table'].map(
    (form) =>
      entry(`torch-eager-${form}-${threads}`, groups.eager, 'fast weights', host, `eager-${form}`),
  );
  const compiled = ['elementwise-table', 'attention-table'].map((form) => ({
    ...entry(
      `torch-compile-${form}-${threads}`,
      groups.compile,
      'fast weights',
      host,
      `compile-${form}`,
    ),
    leaveOut: { t64: long },
  }));
  const lstm = entry(`torch-lstm-${threads}`, groups.torchLstm, 'LSTM', host, 'lstm');
  return [...eager, ...compiled, lstm];
}

function jax(threads: number): Entry[] {
  const host = python('jax_peer.py', threads);
  const writtenOut = ['stacked-step', 'stacked-epoch', 'unrolled-step', 'unrolled-epoch'];
  const forms = [...writtenOut, 'attention-step', 'attention-epoch', 'matrix-step'];
  return [
    ...forms.map((form) => ({
      ...entry(`jax-${form}-${threads}`, groups.jax, 'fast weights', host, form),
      ...(writtenOut.includes(form) && { leaveOut: { t64: long } }),
    })),
    ...['lstm-step', 'lstm-epoch'].map((form) =>
      entry(`jax-${form}-${threads}`, groups.jaxLstm, 'LSTM', host, form),
    ),
  ];
}

const layers = ['one-hot', 'embedding'].map((form) =>
  entry(`tfjs-layers-lstm-${form}`, groups.layersLstm, 'LSTM', node('tfjs-layers.ts'), form),
);

/** Everyone who may take part. */
export const roster: readonly Entry[] = [
  ...ours,
  ...threadCounts.flatMap(torch),
  ...threadCounts.flatMap(jax),
  ...layers,
];
