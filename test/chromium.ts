import { existsSync } from 'node:fs';

const file = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** The browser of the tests: $CHROMIUM, else Debian's; undefined where there is none. */
export const chromium: string | undefined = existsSync(file) ? file : undefined;

/** No sandbox: root has none. Nothing that calls home. WebGPU comes with --enable-unsafe-webgpu. */
export const chromiumFlags: readonly string[] = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
