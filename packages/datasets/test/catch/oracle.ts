// The game as the paper tells it, one world at a time, and nothing of the code under test.

export interface OracleEpisode {
  /** N screens, each a string of N · N pixels, 0 or 1, row by row. */
  readonly frames: readonly string[];
  /** Where the paddle's left pixel is in each frame. */
  readonly paddles: readonly number[];
  readonly reward: number;
}

export function oracleEpisode(
  size: number,
  visibleFrames: number,
  [ball, start]: readonly [ball: number, paddle: number],
  actions: readonly ('stay' | 'left' | 'right')[],
): OracleEpisode {
  const paddles = [start];
  for (const action of actions) {
    const wanted = (paddles.at(-1) as number) + { stay: 0, left: -1, right: 1 }[action];
    const outside = wanted < 0 || wanted + 1 >= size;
    paddles.push(outside ? (paddles.at(-1) as number) : wanted);
  }
  const frames = paddles.map((paddle, t) => {
    const lit = new Set([`${t},${ball}`, `${size - 1},${paddle}`, `${size - 1},${paddle + 1}`]);
    let screen = '';
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        screen += t + 1 <= visibleFrames && lit.has(`${row},${column}`) ? '1' : '0';
      }
    }
    return screen;
  });
  const last = paddles[size - 1] as number;
  return { frames, paddles, reward: [last, last + 1].includes(ball) ? 1 : -1 };
}
