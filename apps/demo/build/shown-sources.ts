import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const root = path.resolve(import.meta.dirname, '../../..');
const SOURCE = /href="source\/([\w./-]+)\.txt"/g;
const WEIGHTS = /href="weights\/([\w.-]+)"/g;

/**
 * Ships what the page links to, so that the links work offline: a source file of the repository as
 * `source/<path>.txt`, and weights unpacked, for the command line.
 */
export function shownSources(): Plugin {
  return {
    name: 'shown-sources',
    apply: 'build',
    // After Vite has put the page together.
    enforce: 'post',
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'asset' || !file.fileName.endsWith('.html')) continue;
        const html = String(file.source);
        for (const [, name = ''] of html.matchAll(SOURCE)) {
          const source = readFileSync(path.join(root, name), 'utf8');
          this.emitFile({ type: 'asset', fileName: `source/${name}.txt`, source });
        }
        for (const [, name = ''] of html.matchAll(WEIGHTS)) {
          const packed = readFileSync(path.join(root, 'apps/demo/weights', `${name}.gz`));
          const source = gunzipSync(packed);
          this.emitFile({ type: 'asset', fileName: `weights/${name}`, source });
        }
      }
    },
  };
}
