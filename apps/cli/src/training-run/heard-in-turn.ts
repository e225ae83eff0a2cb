/** Messages that are dealt with one after the other, until one of them cannot be. */
export interface HeardInTurn<Message> {
  put(message: Message): void;
  /**
   * What the work comes to, once all that it has told of is dealt with; the first thing that went wrong there counts before
   * any error of the work.
   */
  through<Result>(work: Promise<Result>): Promise<Result>;
}

/** @param onFailure is told at once that nothing more will be heard */
export function heardInTurn<Message>(
  hear: (message: Message) => Promise<void>,
  onFailure: () => void,
): HeardInTurn<Message> {
  let failure: { readonly error: unknown } | undefined;
  let turn: Promise<void> = Promise.resolve();
  return {
    put(message) {
      turn = turn.then(async () => {
        if (failure) return;
        try {
          await hear(message);
        } catch (error) {
          failure = { error };
          onFailure();
        }
      });
    },
    async through(work) {
      try {
        const result = await work;
        await turn;
        if (!failure) return result;
      } catch (error) {
        await turn;
        if (!failure) throw error;
      }
      throw failure.error;
    },
  };
}
