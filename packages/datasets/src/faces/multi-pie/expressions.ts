/** The six classes of the paper, in the order of their labels. */
export const multiPieClasses = [
  'neutral',
  'smile',
  'surprise',
  'squint',
  'disgust',
  'scream',
] as const;

export type MultiPieExpression = (typeof multiPieClasses)[number];

// Which face was asked for, by session and recording.
const EXPRESSIONS: Readonly<Record<string, MultiPieExpression>> = {
  '1/1': 'neutral',
  '1/2': 'smile',
  '2/1': 'neutral',
  '2/2': 'surprise',
  '2/3': 'squint',
  '3/1': 'neutral',
  '3/2': 'smile',
  '3/3': 'disgust',
  '4/1': 'neutral',
  '4/2': 'neutral',
  '4/3': 'scream',
};

/** The expression of a recording; undefined where nobody has said which one it is. */
export const multiPieExpression = (
  session: number,
  recording: number,
): MultiPieExpression | undefined => EXPRESSIONS[`${session}/${recording}`];
