import { fixed, percent, sized } from '../../charts/format.ts';
import { sizeOf } from '../../charts/vectors.ts';
import type { TwinTable } from '../../parts/table-twin.tsx';
import type { Reading } from '../../recall/reading.ts';
import type { Moment } from './moment-of.ts';

/** The figure's numbers at this moment. */
export function tablesOf(reading: Reading, moment: Moment): TwinTable[] {
  const { facts, text, hidden, probabilities } = reading;
  const attention: TwinTable = {
    caption: `What step ${moment.step} attends to`,
    head: ['step', 'character', 'weight', 'share', 'size of h'],
    rows: moment.weights.map((weight, i) => [
      i + 1,
      text[i] ?? '',
      fixed(weight, 4),
      percent(moment.shares[i] ?? 0),
      fixed(sizeOf(hidden[i] ?? [])),
    ]),
  };
  const read: TwinTable = {
    caption: 'What is read back, unit by unit',
    head: ['unit', 'matrix', 'attention'],
    rows: Array.from({ length: facts.units }, (_, unit) => [
      unit + 1,
      sized(moment.matrixRead[unit] ?? 0),
      sized(moment.attentionRead[unit] ?? 0),
    ]),
  };
  const answer: TwinTable = {
    caption: 'The answer after the last step',
    head: ['digit', 'probability'],
    rows: probabilities.map((probability, digit) => [digit, fixed(probability, 4)]),
  };
  return [attention, answer, read];
}
