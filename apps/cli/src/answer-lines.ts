import { type Answer, ownPair } from './answers.ts';
import { sureness } from './terminal/format.ts';
import type { Line, Span } from './terminal/line.ts';

const BARS = ' ▁▂▃▄▅▆▇█';

/** The string, with the pair that holds the answer in the colour of what was written. */
function stringSpans(text: string): Span[] {
  const pair = ownPair(text);
  return [
    text.slice(0, pair),
    ['written', text.slice(pair, pair + 2)],
    text.slice(pair + 2, -1),
    ['read', text.slice(-1)],
  ];
}

/** `j0a5s5z2??a → 5 ✓` */
export function answerSpans({ text, answer, expected }: Answer): Span[] {
  const isRight = answer === expected;
  return [
    ...stringSpans(text),
    ' → ',
    [isRight ? 'read' : 'strong', `${answer} ${isRight ? '✓' : '✗'}`],
  ];
}

/** A bar for each character, the highest for the one attended to most. */
export function attentionBars({ attention = [] }: Answer): string {
  const most = Math.max(...attention);
  const levels = attention.map((share) =>
    most > 0 ? Math.round((share / most) * (BARS.length - 1)) : 0,
  );
  return levels.map((level) => BARS[level]).join('');
}

/** What the answer is and, of a network that attends, beneath each character how much was read from it. */
export function answerLines(answer: Answer): Line[] {
  const { expected, probability } = answer;
  const verdict = answer.answer === expected ? '' : `, but it is ${expected}`;
  const first: Line = [...answerSpans(answer), `  ${sureness(probability)} sure${verdict}`];
  return answer.attention ? [first, attentionLine(answer, answer.attention)] : [first];
}

function attentionLine(answer: Answer, attention: readonly number[]): Line {
  const { text } = answer;
  const pair = ownPair(text);
  const own = (attention[pair] ?? 0) + (attention[pair + 1] ?? 0);
  const reading = attention.some((share) => share > 0)
    ? `${Math.round(100 * own)} % of its attention on ${text.slice(pair, pair + 2)}`
    : 'nothing in its memory answers to the question';
  return [
    ['read', attentionBars(answer)],
    ['faint', `  ${reading}`],
  ];
}
