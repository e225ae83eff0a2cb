/** Frames a second to choose from by keys; what is given as an option may lie between. */
const PACES = [1, 2, 3, 4, 6, 8, 12, 16, 24, 40];

export const FASTEST = 40;

export const faster = (pace: number): number => PACES.find((one) => one > pace) ?? pace;

/** @param slowest where it ends; 0 is a clock that waits */
export const slower = (pace: number, slowest: 0 | 1): number =>
  PACES.findLast((one) => one < pace) ?? slowest;

export const paceText = (pace: number): string =>
  pace === 0 ? 'one frame for each key' : `${pace} ${pace === 1 ? 'frame' : 'frames'} a second`;
