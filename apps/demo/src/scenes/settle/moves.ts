import { difference, sizeOf } from '../../charts/vectors.ts';
import type { Loop } from '../../recall/settling.ts';

/** |h_{s+1} − h_s| for each read. */
export const movesOf = ({ hidden }: Loop): number[] =>
  hidden.slice(1).map((state, s) => sizeOf(difference(state, hidden[s] ?? [])));
