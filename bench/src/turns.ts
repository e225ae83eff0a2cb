/** When each update of a training began, in ms, and when the last one was over. */
export type Turn = readonly number[];

/** The same training by one worker, then by all of them. */
export interface Round {
  readonly alone: Turn;
  readonly together: Turn;
}

/** The fastest stretches of a turn, in ms for an update: of updates alone, and from one validation to the next. */
export interface TurnTimes {
  readonly update: number;
  readonly validated: number;
}

/** What so many updates are: a stretch, and what is between two validations. */
export interface Lengths {
  readonly stretch: number;
  readonly validateEvery: number;
}

export function timesOf(turn: Turn, { stretch, validateEvery }: Lengths): TurnTimes {
  const validationsBefore = (update: number): number => Math.floor(update / validateEvery);
  return {
    update: fastest(
      turn,
      stretch,
      (start, end) => validationsBefore(start) === validationsBefore(end),
    ),
    validated: fastest(turn, validateEvery, (start) => start % validateEvery === 0),
  };
}

function fastest(
  turn: Turn,
  length: number,
  counts: (start: number, end: number) => boolean,
): number {
  const stretches = turn.flatMap((at, start) => {
    const end = turn[start + length];
    return end !== undefined && counts(start, start + length) ? [(end - at) / length] : [];
  });
  return Math.min(...stretches);
}
