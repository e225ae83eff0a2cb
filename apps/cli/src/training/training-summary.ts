import { retrievalLength } from '@fastweights/datasets';
import { type RetrievalConfig, retrievalConfig } from '@fastweights/experiments';
import { answerSpans } from '../answer-lines.ts';
import type { Answer } from '../answers.ts';
import { DEFAULT_RUN } from '../defaults.ts';
import { invocation } from '../invocation.ts';
import { printable } from '../printable.ts';
import { type SavedResult, shellQuoted } from '../run-directory.ts';
import { asPercent, count, duration, percent, sureness } from '../terminal/format.ts';
import type { Line } from '../terminal/line.ts';
import { wrap } from '../terminal/wrap.ts';

/** What a network is asked when it has been trained; the last has more pairs than any string of the training. */
export const LONGER_EXAMPLE = 'h4e0l2p8w6y1??p';
export const EXAMPLES: readonly string[] = [
  'c9k8j3f1??c',
  'j0a5s5z2??a',
  'm7b7x0q3??x',
  'a1b2c3d4??d',
];

const TEST_STRINGS = 20_000;
const INDENT = '  ';
const GAP = '   ';

export interface Outcome {
  readonly result: SavedResult;
  readonly config: RetrievalConfig;
  readonly answers: readonly Answer[];
  /** Where the run was wanted. */
  readonly out: string;
  readonly savedIn: string;
  /** The backend that was asked for by name. */
  readonly backend?: string | undefined;
}

/** Whether training did what it was to do; with a target of 0 that is all updates. */
export const reachedTarget = (
  { stopped }: SavedResult,
  { targetError }: RetrievalConfig,
): boolean => stopped === 'target' || (stopped === 'updates' && targetError === 0);

/** What is said after training: how it ended, how good the network is, where it is, and what to try next. */
export function summary(outcome: Outcome, columns: number): Line[] {
  const { result, answers, savedIn, out } = outcome;
  const note = savedIn === out ? '' : ` The run in ${printable(out)} is as it was.`;
  const wrong = Math.round(result.testError * TEST_STRINGS);
  const of = `${count(wrong)} wrong of ${count(TEST_STRINGS)} strings it has never seen`;
  return [
    [],
    ...wrap(ending(outcome), columns).map((text): Line => [['strong', text]]),
    ...wrap(`Test error ${percent(result.testError)}: ${of}.`, columns).map((text): Line => [text]),
    [],
    ...answers.map(
      (answer): Line => [
        '  ',
        ...answerSpans(answer),
        ['faint', comment(answer, outcome.config.pairs)],
      ],
    ),
    [],
    ...wrap(`Saved in ${printable(savedIn)}.${note}`, columns).map((text): Line => [text]),
    [],
    [['strong', 'What to try next']],
    ...suggestions(outcome, columns),
  ];
}

function ending({ result, config }: Outcome): string {
  const { updates, seconds, validationError, stopped } = result;
  const after = `after ${count(updates)} ${updates === 1 ? 'update' : 'updates'} in ${duration(seconds)}`;
  const best = `best validation error ${percent(validationError)}`;
  const goal = `${asPercent(config.targetError)} %`;
  if (stopped === 'signal') return `Stopped ${after}: ${best}.`;
  if (stopped === 'target') return `Learnt ${after}: ${best}, under ${goal}.`;
  return config.targetError === 0
    ? `Done ${after}: ${best}.`
    : `Not learnt ${after}: ${best}, not under ${goal}.`;
}

function comment({ text, answer, expected, probability }: Answer, trainedPairs: number): string {
  const pairs = (text.length - retrievalLength(0)) / 2;
  const length =
    pairs === trainedPairs ? '' : `, and ${pairs} pairs are more than it was trained on`;
  return `  ${sureness(probability)} sure${answer === expected ? '' : `, but it is ${expected}`}${length}`;
}

interface Suggestion {
  readonly command: string;
  readonly why: string;
}

function suggestions(outcome: Outcome, columns: number): Line[] {
  const chosen = choose(outcome);
  const commands = chosen.map(({ command }) => `${invocation()} ${command}`);
  const width = Math.max(...commands.map((command) => command.length));
  const fits = chosen.every(
    ({ why }) => INDENT.length + width + GAP.length + why.length <= columns,
  );
  return chosen.flatMap(({ why }, i): Line[] => {
    const command = commands[i] ?? '';
    return fits
      ? [[INDENT, ['read', command.padEnd(width)], GAP, ['faint', why]]]
      : [
          [INDENT, ['faint', why]],
          [INDENT, INDENT, ['read', command]],
        ];
  });
}

function choose({ result, savedIn, out, config, backend }: Outcome): Suggestion[] {
  const run = savedIn === DEFAULT_RUN ? '' : ` --run ${shellQuoted(savedIn)}`;
  const recall = { command: `recall "j0a5s5z2??a"${run}`, why: 'see what it attends to' };
  if (reachedTarget(result, config)) {
    const longer = `recall "${LONGER_EXAMPLE}"${run}`;
    const [units, why] = config.units < 100 ? [100, 'a larger memory'] : [50, 'a smaller memory'];
    const other = `train retrieval --units ${units} --out runs/units-${units}`;
    return [
      recall,
      { command: longer, why: 'more pairs than it was trained on' },
      { command: other, why },
    ];
  }
  if (result.stopped === 'signal') {
    const why = 'train to the end: there is no resuming yet';
    return [{ command: trainCommand(config, out, backend), why }, recall];
  }
  const maxUpdates = Math.max(2 * config.maxUpdates, retrievalConfig.maxUpdates);
  const longer = trainCommand({ ...config, maxUpdates }, out, backend);
  return [{ command: longer, why: 'give it longer' }, recall];
}

/** The command that trains this. */
function trainCommand(config: RetrievalConfig, out: string, backend: string | undefined): string {
  const { units, seed, maxUpdates, targetError } = retrievalConfig;
  return [
    'train retrieval',
    config.units === units ? '' : ` --units ${config.units}`,
    config.seed === seed ? '' : ` --seed ${config.seed}`,
    config.maxUpdates === maxUpdates ? '' : ` --updates ${config.maxUpdates}`,
    config.targetError === targetError ? '' : ` --target ${asPercent(config.targetError)}`,
    backend === undefined ? '' : ` --backend ${backend}`,
    out === DEFAULT_RUN ? '' : ` --out ${shellQuoted(out)}`,
  ].join('');
}
