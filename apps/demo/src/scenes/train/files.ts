import { signal } from '@preact/signals';
import { showModel } from '../../recall/recall.ts';
import type { Kind } from './kinds.ts';
import { styles } from './kinds.ts';
import { laneOf, lanes } from './lanes.ts';
import { bytesOf, standings, take } from './race.ts';
import { choose } from './settings.ts';
import { afterLap, entered } from './standing.ts';

// Networks that come from files, and go into files.

/** Networks that a page can train are well under it; nothing larger is even read. */
const MOST_BYTES = 16e6;

export interface Notice {
  readonly kind: 'done' | 'refused';
  readonly text: string;
}

/** What became of the last file. */
export const notice = signal<Notice | undefined>(undefined);

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e5) / 10} MB`;

/** Takes the place of the network of its kind, and is trained on from there; if it is refused, all stays as it was. */
export async function dropFile(file: File): Promise<void> {
  try {
    if (file.size > MOST_BYTES) {
      const most = `a network that a page can train has at most ${megabytes(MOST_BYTES)}`;
      throw new Error(`It has ${megabytes(file.size)}; ${most}.`);
    }
    const bytes = new Uint8Array(await file.arrayBuffer());
    const [first] = lanes();
    if (!first) return;
    await first.report;
    const kind = await first.call('inspect', bytes);
    const lane = laneOf(kind);
    await lane.report;
    const facts = await lane.call('drop', bytes);
    const lap = await lane.call('advance', kind);
    take(afterLap(entered(kind, { ...facts, file: file.name }), lap));
    choose(kind, true);
    const name = `${styles[kind].name} with ${facts.units} units`;
    const wrong = `${(100 * (lap.error ?? 0)).toFixed(2)} % of the unseen strings wrong`;
    notice.value = {
      kind: 'done',
      text: `${file.name}: ${name}, ${wrong}. It takes the place of the network of its kind.`,
    };
  } catch (error) {
    const { message } = error as Error;
    notice.value = { kind: 'refused', text: `${file.name} is refused. ${message}` };
  }
}

export async function download(kind: Kind): Promise<void> {
  const standing = standings.value[kind];
  if (!standing) return;
  const bytes = await bytesOf(kind);
  const { units, seed, update } = standing;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>]));
  link.download = `retrieval-${kind}-${units}-seed-${seed}-update-${update}.safetensors`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  notice.value = {
    kind: 'done',
    text: `${link.download}: ${Math.round(bytes.length / 1000)} kB. Ask it with: fastweights recall "c9k8j3f1??c" --run ${link.download}`,
  };
}

/** Scenes 1 and 2 show this network from now on. */
export async function handOver(kind: Kind): Promise<void> {
  try {
    const { units } = await showModel(await bytesOf(kind));
    const text = `Scenes 1 and 2 now show these weights, of ${units} units, until the page is loaded again.`;
    notice.value = { kind: 'done', text };
  } catch (error) {
    notice.value = { kind: 'refused', text: (error as Error).message };
  }
}
