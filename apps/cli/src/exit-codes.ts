/** What the shell is told. A signal adds 128 to its number, as shells do: 130 is Ctrl-C. */
export const exitCodes = {
  done: 0,
  failure: 1,
  badUsage: 2,
  targetMissed: 3,
  brokenPipe: 141,
} as const;

export const signalExitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** What a person's leaving is to the shell. */
export function leavingCode(
  leaving: 'quit' | 'ctrl-c' | 'stopped',
  { exitCode }: { exitCode(): number | undefined },
): number {
  if (leaving === 'ctrl-c') return signalExitCodes.SIGINT;
  return leaving === 'quit' ? exitCodes.done : (exitCode() ?? exitCodes.done);
}
