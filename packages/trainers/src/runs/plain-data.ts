import { OptionError } from '@fastweights/core';

// Plain data as JSON, nothing lost: JSON itself knows no infinity, no NaN and no negative zero, which become
// `{ "$number": "-Infinity" }`, and no bytes, which go into files of their own: `{ "$file": "best-weights.safetensors" }`.

export interface TakenApart {
  /** What JSON can say. */
  readonly data: unknown;
  /** By their names, which follow from their places. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

const SUFFIX = '.safetensors';

export function takeApart(value: unknown): TakenApart {
  const files = new Map<string, Uint8Array>();
  const visit = (part: unknown, path: readonly string[]): unknown => {
    if (typeof part === 'number') return isExact(part) ? part : { $number: textOf(part) };
    if (part === null || typeof part === 'string' || typeof part === 'boolean') return part;
    if (part instanceof Uint8Array) {
      const file = `${path.map(dashed).join('-')}${SUFFIX}`;
      files.set(file, part);
      return { $file: file };
    }
    if (Array.isArray(part)) return part.map((item, i) => visit(item, [...path, String(i)]));
    if (!isPlain(part)) throw new OptionError(path.join('.'), 'plain data or bytes', String(part));
    return Object.fromEntries(
      Object.entries(part)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => [key, visit(item, [...path, key])]),
    );
  };
  return { data: visit(value, []), files };
}

/** Of something that holds no bytes. */
export function plainData(value: object): object {
  const { data, files } = takeApart(value);
  const [file] = files.keys();
  if (file !== undefined) throw new OptionError(file.replace(SUFFIX, ''), 'plain data', 'bytes');
  return data as object;
}

export function putTogether(
  data: unknown,
  files: ReadonlyMap<string, Uint8Array> = new Map(),
): unknown {
  const visit = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(visit);
    if (typeof part !== 'object' || part === null) return part;
    const { $number, $file } = part as { $number?: string; $file?: string };
    if ($number !== undefined) return Number($number);
    if ($file !== undefined) return files.get($file);
    return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, visit(item)]));
  };
  return visit(data);
}

/** Of a name that `takeApart` gives. */
export const isFileName = (name: string): boolean => /^[a-z\d-]+\.safetensors$/.test(name);

/** `bestWeights` → `best-weights`. */
const dashed = (key: string): string =>
  key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replace(/[^a-z\d-]/g, '');

const isExact = (value: number): boolean => Number.isFinite(value) && !Object.is(value, -0);
const textOf = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
