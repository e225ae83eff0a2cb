import { hashData } from '@fastweights/core/node';

/** What JSON can say, as the text of a file that carries its own checksum, so that a changed bit shows. */
export const sealedJson = (data: object): string =>
  `${JSON.stringify({ ...data, sha256: hashData(data) }, null, 2)}\n`;

export interface Opened<Data> {
  /** Nothing of it is certain where there is a fault. */
  readonly data: Partial<Data>;
  /** Why it is not as it was written. */
  readonly fault?: string;
}

export function openSealed<Data extends object>(text: string): Opened<Data> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { data: {}, fault: 'is no whole JSON' };
  }
  if (typeof parsed !== 'object' || parsed === null) return { data: {}, fault: 'is no object' };
  const { sha256, ...rest } = parsed as { sha256?: unknown };
  const data = rest as Partial<Data>;
  return sha256 === hashData(rest) ? { data } : { data, fault: 'does not fit its checksum' };
}
