/** For threads that take our packages from their sources. */
export const sourceArguments: readonly string[] = ['--conditions=@fastweights/source'];

/** A module in TypeScript as one that a worker thread can start with: what Node loads for a process does not reach them. */
export function sourceModule(module: URL): URL {
  const code = `
    import { register } from ${JSON.stringify(import.meta.resolve('tsx/esm/api'))};
    register();
    await import(${JSON.stringify(module.href)});`;
  return new URL(`data:text/javascript,${encodeURIComponent(code)}`);
}
