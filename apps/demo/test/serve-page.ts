import path from 'node:path';
import { preview } from 'vite';

const root = path.resolve(import.meta.dirname, '..');

export interface ServedPage {
  readonly url: string;
  close(): Promise<void>;
}

/** What a host sends that lets pages share memory. */
const isolating = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

/** The built page, as a static host would serve it. */
export async function servePage({ isolated = false } = {}): Promise<ServedPage> {
  const server = await preview({
    root,
    logLevel: 'warn',
    preview: { host: '127.0.0.1', port: 0, open: false, headers: isolated ? isolating : {} },
  });
  return { url: server.resolvedUrls?.local[0] ?? '', close: () => server.close() };
}
