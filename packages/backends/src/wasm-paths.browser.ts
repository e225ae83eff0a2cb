/**
 * Files of our own package, copied there by scripts/copy-wasm.js: bundlers see the URLs and ship the files with the page.
 * tfjs wants a path for each of its builds. The threaded one is never started, so it is not shipped.
 */
const plain: string = new URL('./generated/wasm/tfjs-backend-wasm.wasm', import.meta.url).href;
const simd: string = new URL('./generated/wasm/tfjs-backend-wasm-simd.wasm', import.meta.url).href;

export const wasmPaths: Record<string, string> | undefined = {
  'tfjs-backend-wasm.wasm': plain,
  'tfjs-backend-wasm-simd.wasm': simd,
  'tfjs-backend-wasm-threaded-simd.wasm': simd,
};
