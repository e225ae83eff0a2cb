import { type AnyConfig, parseAnyConfig } from './config.ts';

/** sha256 in hexadecimal: equal for configs that mean the same, however they are written down. */
export async function configHash(config: AnyConfig): Promise<string> {
  const bytes = new TextEncoder().encode(canonicalJson(parseAnyConfig(config)));
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** JSON without spaces, its keys in order. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const pairs = Object.entries(value)
    .filter(([, part]) => part !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, part]) => `${JSON.stringify(key)}:${canonicalJson(part)}`);
  return `{${pairs.join()}}`;
}
