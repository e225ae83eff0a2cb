import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { HtmlTagDescriptor, Plugin } from 'vite';

/** No inline script or style, and nothing from elsewhere; WebAssembly is all that may be compiled. */
const POLICY: string = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const folder = path.resolve(import.meta.dirname, '../src/scenes');
const PLACE = /<!-- scene: (\w+) -->/g;

/** Puts the text of each scene, `src/scenes/<name>/scene.html`, into the page: it reads without JavaScript. */
export function pageText(): Plugin {
  let isBuild = false;
  return {
    name: 'page-text',
    configResolved: ({ command }) => {
      isBuild = command === 'build';
    },
    transformIndexHtml: {
      order: 'pre',
      handler: (html) => ({
        html: html.replace(PLACE, (_, name: string) =>
          readFileSync(path.join(folder, name, 'scene.html'), 'utf8').trim(),
        ),
        // Vite's development server needs inline styles.
        tags: isBuild ? [policyTag] : [],
      }),
    },
    handleHotUpdate({ file, server }) {
      if (file.endsWith('scene.html')) server.ws.send({ type: 'full-reload' });
    },
  };
}

const policyTag: HtmlTagDescriptor = {
  tag: 'meta',
  attrs: { 'http-equiv': 'Content-Security-Policy', content: POLICY },
  injectTo: 'head-prepend',
};
