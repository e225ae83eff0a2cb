/**
 * Removes the two listeners that the start of the wasm backend adds to a Node process: they rethrow every uncaught
 * error, so that a program that fails ends with exit code 7 and a test runner loses its worker.
 */
export function tidyProcess(): void {
  for (const listener of process.listeners('uncaughtException')) {
    if (String(listener).includes('ExitStatus')) {
      process.removeListener('uncaughtException', listener);
    }
  }
  for (const listener of process.listeners('unhandledRejection')) {
    if (/^function\s*\(reason\)\s*\{\s*throw reason;?\s*\}$/.test(String(listener))) {
      process.removeListener('unhandledRejection', listener);
    }
  }
}
