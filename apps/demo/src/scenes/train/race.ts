import { computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import type { BackendReport } from '../../engine/start-backend.ts';
import { text } from '../../state/moment.ts';
import { type Kind, kinds } from './kinds.ts';
import { type Lane, laneOf, lanes } from './lanes.ts';
import { isChosen, seed, units } from './settings.ts';
import { afterLap, entered, type Standing } from './standing.ts';

// The race as the page sees it: who stands where, and whose turn is next.

type Standings = Readonly<Partial<Record<Kind, Standing>>>;

const all = signal<Standings>({});
const running = signal(false);
const backend = signal<BackendReport | undefined>(undefined);
const problem = signal<string | undefined>(undefined);
const time = signal(0);
const likely = signal<{ kind: Kind; text: string; probabilities: readonly number[] } | undefined>(
  undefined,
);

export const standings: ReadonlySignal<Standings> = all;
export const isTraining: ReadonlySignal<boolean> = running;
/** What computes in the workers, once it has been chosen. */
export const trainBackend: ReadonlySignal<BackendReport | undefined> = backend;
export const failure: ReadonlySignal<string | undefined> = problem;
/** Seconds of training by the clock. */
export const clock: ReadonlySignal<number> = time;
/** What the first of the networks makes of scene 1's string. */
export const answer: typeof likely = likely;

/** Those that race, in the order of the table. */
export const field: ReadonlySignal<readonly Kind[]> = computed(() => kinds.filter(isChosen));

export const isOver: ReadonlySignal<boolean> = computed(
  () => field.value.length > 0 && field.value.every((kind) => all.value[kind]?.isOver),
);

/** Of all networks together, by the clock. */
export const speed: ReadonlySignal<number> = computed(() => {
  const done = kinds.reduce((sum, kind) => sum + (all.value[kind]?.update ?? 0), 0);
  return time.value > 0 ? done / time.value : 0;
});

/** Grows with each new race, so that what comes in late from an old one is let go. */
let race = 0;
let lastTick = 0;

export function go(): void {
  if (running.value) return;
  problem.value = undefined;
  running.value = true;
  lastTick = performance.now();
  wake();
}

export function pause(): void {
  running.value = false;
}

/** A new race, which goes on if the old one did. */
export function reset(): void {
  race++;
  all.value = {};
  time.value = 0;
  likely.value = undefined;
  problem.value = undefined;
  lastTick = performance.now();
  if (running.value) wake();
}

/** Whoever is in this place from now on. */
export function take(standing: Standing): void {
  all.value = { ...all.value, [standing.kind]: standing };
  wake();
}

function wake(): void {
  for (const lane of lanes()) {
    if (lane.isBusy || !running.value) continue;
    lane.isBusy = true;
    work(lane)
      .catch(({ message }: Error) => {
        problem.value = message;
        running.value = false;
      })
      .finally(() => {
        lane.isBusy = false;
        // Somebody may have come in as it ended.
        if (running.value && nextIn(lane)) wake();
        else if (isOver.value) running.value = false;
      });
  }
}

async function work(lane: Lane): Promise<void> {
  backend.value = await lane.report;
  for (let kind = nextIn(lane); running.value && kind; kind = nextIn(lane)) {
    await turn(lane, kind);
  }
}

/** Time is shared out fairly: the next turn is that of whoever had the least of it. */
function nextIn(lane: Lane): Kind | undefined {
  const spent = (kind: Kind): number => all.value[kind]?.seconds ?? 0;
  return lane.kinds
    .filter((kind) => isChosen(kind) && !all.value[kind]?.isOver)
    .sort((a, b) => spent(a) - spent(b))[0];
}

async function turn(lane: Lane, kind: Kind): Promise<void> {
  const own = race;
  let before = all.value[kind];
  if (!before) {
    const entrant = { kind, units: Number(units.value), seed: seed.value };
    await lane.call('enter', entrant);
    if (own !== race) return;
    before = entered(kind, entrant);
    all.value = { ...all.value, [kind]: before };
  }
  const lap = await lane.call('advance', kind);
  // Another race, or another network in its place.
  if (own !== race || all.value[kind] !== before) return;
  const after = afterLap(before, lap);
  all.value = { ...all.value, [kind]: after };
  tick();
  if (lap.error !== undefined && kind === field.value[0]) await ask(lane, kind);
}

function tick(): void {
  const now = performance.now();
  if (running.value) time.value += (now - lastTick) / 1000;
  lastTick = now;
}

async function ask(lane: Lane, kind: Kind): Promise<void> {
  const asked = text.value;
  // A string that is no question has no answer.
  const probabilities = await lane.call('ask', { kind, text: asked }).catch(() => undefined);
  likely.value = probabilities && { kind, text: asked, probabilities };
}

/** The bytes of a network as it is now. */
export const bytesOf = (kind: Kind): Promise<Uint8Array> => laneOf(kind).call('bytes', kind);

// Other settings make another race; so does a network that joins one that runs.
let settled = false;
effect(() => {
  void units.value;
  void seed.value;
  if (settled) untracked(reset);
  settled = true;
});
effect(() => {
  void field.value;
  if (running.value) untracked(wake);
});
effect(() => {
  const asked = text.value;
  const [kind] = field.value;
  untracked(() => {
    if (kind && all.value[kind] && asked !== likely.value?.text) void ask(laneOf(kind), kind);
  });
});
