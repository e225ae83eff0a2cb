/** The networks that race, in the order of the table. */
export const kinds = ['fast-weights', 'lstm', 'a-lstm', 'irnn'] as const;
export type Kind = (typeof kinds)[number];

export const isKind = (name: string): name is Kind => kinds.some((kind) => kind === name);

export interface KindStyle {
  readonly name: string;
  /** A token. */
  readonly colour: string;
  readonly width: number;
  readonly dash: readonly number[];
  /** Test error in per cent in Table 1 of the paper, by units. */
  readonly paper: Readonly<Record<string, number>>;
}

/** A line is known by its dashes and its label; its colour comes third. */
export const styles: Readonly<Record<Kind, KindStyle>> = {
  'fast-weights': {
    name: 'Fast weights',
    colour: '--accent',
    width: 2.8,
    dash: [],
    paper: { 20: 1.81, 50: 0, 100: 0 },
  },
  lstm: {
    name: 'LSTM',
    colour: '--neg',
    width: 1.8,
    dash: [8, 4],
    paper: { 20: 60.81, 50: 1.85, 100: 0 },
  },
  'a-lstm': {
    name: 'A-LSTM',
    colour: '--pos',
    width: 1.8,
    dash: [2, 4],
    paper: { 20: 60.13, 50: 1.62, 100: 0 },
  },
  irnn: {
    name: 'IRNN',
    colour: '--ink-2',
    width: 1.8,
    dash: [12, 4, 2, 4],
    paper: { 20: 62.11, 50: 60.23, 100: 0.34 },
  },
};

/** The race is over after so many updates: the right end of the axis. */
export const MOST_UPDATES = 4000;
export const VALIDATE_EVERY = 50;
export const UNSEEN = 2000;
/** Four pairs whose digits one knows, but not which letter has which. */
export const PLATEAU = 0.6165;
