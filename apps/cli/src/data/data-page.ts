import { printable } from '../printable.ts';
import { count, percent } from '../terminal/format.ts';
import type { Line } from '../terminal/line.ts';
import { wrap } from '../terminal/wrap.ts';
import { balanceTable } from './balance-table.ts';
import type { DataFacts, LeftOut, LoadedData, PixelStatistics } from './loaded-data.ts';

const HANGING = '  ';

/** All that is known of a data set, for people. */
export function dataPage(data: LoadedData, pictures: readonly string[], columns: number): Line[] {
  const { facts, notes, leftOut = [] } = data;
  const paragraphs = (texts: readonly string[]): Line[] =>
    texts.flatMap((text) =>
      wrap(printable(text), columns - HANGING.length).map(
        (line, i): Line => [i > 0 ? `${HANGING}${line}` : line],
      ),
    );
  const examples = data.examples?.(columns) ?? [];
  const sections: Line[][] = [
    heading(facts, columns),
    balanceTable(facts.classes, facts.splits, columns),
    [...examples],
    paragraphs([...notes, ...majority(facts), ...(facts.pixels ? pixelNotes(facts.pixels) : [])]),
    ...leftOut.map((report) => leftOutLines(report)),
    paragraphs(pictures),
  ];
  const filled = sections.filter((lines) => lines.length > 0);
  return filled.flatMap((lines, i) => (i > 0 ? [[''], ...lines] : lines));
}

function heading({ title, what }: DataFacts, columns: number): Line[] {
  return wrap(`${title}: ${what}`, columns).map(
    (line, i): Line =>
      i === 0 && line.startsWith(title) ? [['strong', title], line.slice(title.length)] : [line],
  );
}

/** What is right for those who have learnt nothing but how often a class comes. */
function majority({ classes, splits }: DataFacts): string[] {
  const [training, test] = [splits[0], splits.find(({ name }) => name === 'test')];
  if (!training || !test || training.size === 0 || test.size === 0) return [];
  const most = training.counts.indexOf(Math.max(...training.counts));
  const right = percent((test.counts[most] ?? 0) / test.size);
  return [
    `Always answering ${classes[most]}, the most frequent in training, is right in ${right} of the test set.`,
  ];
}

function pixelNotes({ side, mean, deviation, sample, split }: PixelStatistics): string[] {
  const numbers = `${mean.toFixed(4)} on average, with a standard deviation of ${deviation.toFixed(4)}`;
  const of = `${count(sample)} images of the ${split} set`;
  return [`${side} × ${side} pixels, from 0 (black) to 1: ${numbers} (of ${of}).`];
}

function leftOutLines({ summary, kinds }: LeftOut): Line[] {
  const happened = Object.entries(kinds).filter(([, { count }]) => count > 0);
  if (happened.length === 0) return [[`${printable(summary)}; nothing was left out.`]];
  const name = Math.max(...happened.map(([kind]) => kind.length)) + 2;
  const total = Math.max(...happened.map(([, entry]) => count(entry.count).length));
  const indent = ' '.repeat(2 + total + 2);
  return [
    [`${printable(summary)}. Left out:`],
    ...happened.flatMap(([kind, entry]): Line[] => [
      [`  ${count(entry.count).padStart(total)}  `, ['strong', kind.padEnd(name)]],
      ...entry.examples.map((example): Line => [indent, ['faint', printable(example)]]),
    ]),
  ];
}
