/** Asks only for the newest while an answer is on its way: what lies between is left out. */
export function latest<Input, Output>(
  ask: (input: Input) => Promise<Output>,
): (input: Input, show: (output: Output) => void) => void {
  let isBusy = false;
  let next: { input: Input; show: (output: Output) => void } | undefined;

  async function work(): Promise<void> {
    isBusy = true;
    while (next) {
      const { input, show } = next;
      next = undefined;
      // A backend that fails is said in the badge.
      const answer = await ask(input).catch(() => undefined);
      if (answer !== undefined && !next) show(answer);
    }
    isBusy = false;
  }

  return (input, show) => {
    next = { input, show };
    if (!isBusy) void work();
  };
}
