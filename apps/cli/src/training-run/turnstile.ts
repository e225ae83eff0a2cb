/** Where one may be at a time. */
export interface Turnstile {
  /** Waits for its turn, which is over with the first call of what this answers. */
  enter(): Promise<() => void>;
}

export function turnstile(): Turnstile {
  let last: Promise<void> = Promise.resolve();
  return {
    async enter() {
      const before = last;
      let leave = (): void => {};
      last = new Promise((resolve) => {
        leave = resolve;
      });
      await before;
      return leave;
    },
  };
}
