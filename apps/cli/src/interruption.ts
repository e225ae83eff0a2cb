import { signalExitCodes } from './exit-codes.ts';

export interface Interruption {
  /** Aborted by the first signal; the second ends the process. */
  readonly signal: AbortSignal;
  /** What to exit with after a signal; undefined while there was none. */
  exitCode(): number | undefined;
  dispose(): void;
}

/** Ctrl-C reaches this process from the terminal and again from pnpm: so soon after the first, it is the same one. */
const SAME_SIGNAL_MS = 300;

/** Answers Ctrl-C, and what `kill` and a closed terminal send. */
export function listenForSignals(): Interruption {
  const controller = new AbortController();
  let exitCode: number | undefined;
  let firstAt = 0;
  const listen = (name: NodeJS.Signals): void => {
    const code = signalExitCodes[name as keyof typeof signalExitCodes];
    if (exitCode === undefined) {
      exitCode = code;
      firstAt = Date.now();
      controller.abort();
    } else if (Date.now() - firstAt > SAME_SIGNAL_MS) {
      process.exit(code);
    }
  };
  const names = Object.keys(signalExitCodes) as NodeJS.Signals[];
  for (const name of names) process.on(name, listen);
  return {
    signal: controller.signal,
    exitCode: () => exitCode,
    dispose: () => {
      for (const name of names) process.off(name, listen);
    },
  };
}
