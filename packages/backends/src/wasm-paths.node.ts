/** In Node the .wasm files are found beside the backend's CommonJS build. */
export const wasmPaths: Record<string, string> | undefined = undefined;
