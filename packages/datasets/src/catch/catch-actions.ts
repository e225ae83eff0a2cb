import { OptionError, ShapeError } from '@fastweights/core';

/** Which actions there are; the paddle moves by one pixel, and not beyond the edge. */
export const catchActions = { stay: 0, left: 1, right: 2 } as const;

/** Moves the paddles; `last` is the column they stop at on the right. */
export function move(paddles: Int32Array, actions: Int32Array, last: number): void {
  for (let i = 0; i < paddles.length; i++) {
    const paddle = paddles[i] as number;
    if (actions[i] === catchActions.left && paddle > 0) paddles[i] = paddle - 1;
    if (actions[i] === catchActions.right && paddle < last) paddles[i] = paddle + 1;
  }
}

/** To be called before anything moves, so that a refused step leaves all worlds as they were. */
export function checkActions(actions: Int32Array, batchSize: number): void {
  if (actions?.length !== batchSize) {
    const received = actions === undefined ? 'missing' : `${actions.length} of them`;
    throw new ShapeError('actions', `an Int32Array of length ${batchSize}`, received);
  }
  for (let i = 0; i < batchSize; i++) {
    const action = actions[i] as number;
    if (action !== 0 && action !== 1 && action !== 2) {
      throw new OptionError(`actions[${i}]`, '0 (stay), 1 (left) or 2 (right)', `${action}`);
    }
  }
}
