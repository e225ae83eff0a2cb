import { effect, type Signal, signal } from '@preact/signals';

/** How a setting is written in the address: `read` answers undefined to what it cannot make sense of. */
export interface Codec<T> {
  read(text: string): T | undefined;
  write(value: T): string;
}

const IDLE = 150;

const known = new Map<string, () => void>();
let waiting: ReturnType<typeof setTimeout> | undefined;
const pending = new Map<string, string | undefined>();

/**
 * A setting that lives in the address, so that a lesson can be shared. One that has its first value is left out. What is
 * odd is mended by the codec, silently; settings of scenes that are not loaded yet are kept as they are.
 */
export function addressed<T>(name: string, initial: T, codec: Codec<T>): Signal<T> {
  const fromAddress = (): T => {
    const text = new URLSearchParams(location.search).get(name);
    return text === null ? initial : (codec.read(text) ?? initial);
  };
  const setting = signal(fromAddress());
  known.set(name, () => {
    setting.value = fromAddress();
  });
  effect(() => {
    const { value } = setting;
    schedule(name, value === initial ? undefined : codec.write(value));
  });
  return setting;
}

/** Browsers allow only so many changes of the address in a while: a drag of a slider is one. */
function schedule(name: string, text: string | undefined): void {
  pending.set(name, text);
  clearTimeout(waiting);
  waiting = setTimeout(writeAddress, IDLE);
}

function writeAddress(): void {
  const query = new URLSearchParams(location.search);
  for (const [name, text] of pending) {
    if (text === undefined) query.delete(name);
    else query.set(name, text);
  }
  pending.clear();
  const search = query.size > 0 ? `?${query}` : '';
  if (search === location.search) return;
  history.replaceState(history.state, '', `${location.pathname}${search}${location.hash}`);
}

/** Settings named in `query` take its values; all others stay. For links such as `?lambda=1#settle`. */
export function follow(query: string, hash: string): void {
  writeAddress();
  const merged = new URLSearchParams(location.search);
  for (const [name, text] of new URLSearchParams(query)) merged.set(name, text);
  const address = `${location.pathname}?${merged}${hash || location.hash}`;
  history.pushState(null, '', address);
  readAddress();
}

/** After the address has changed by itself: back, forward, a link. */
function readAddress(): void {
  for (const read of known.values()) read();
}

addEventListener('popstate', readAddress);
