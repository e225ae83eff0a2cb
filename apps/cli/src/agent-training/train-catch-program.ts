import type { Command } from 'commander';
import { MOST_UNITS, MOST_WORKERS } from '../defaults.ts';
import { examples } from '../help-examples.ts';
import { wholeNumber } from '../option-values.ts';
import { board } from './board-option.ts';

// Only what --help needs is imported here. So the defaults of the config are told once more, and a test compares them.

export const catchDefaults = { board: '16,3', units: 128, frames: 2_000_000 } as const;

export function addTrainCatch(train: Command): void {
  train
    .command('catch')
    .summary('the game whose screen goes blank')
    .description(
      'Trains an agent of Figure 5: it sees a ball fall for M of N frames, then nothing, and is to be under it at the end. ' +
        'Several workers learn side by side and share what they learn (A3C); one that dies begins anew.',
    )
    .option(
      '--board <N,M>',
      `N rows, M frames seen, as 24,5 (default: ${catchDefaults.board})`,
      board,
    )
    .option(
      '--units <n>',
      `size of the layer (default: ${catchDefaults.units})`,
      wholeNumber(1, MOST_UNITS),
    )
    .option('--model <name>', 'what learns (default: fast-weights)')
    .option('--seed <n>', 'of everything random (default: 1)', wholeNumber(0))
    .option(
      '--frames <n>',
      `end after so many frames of play (default: ${catchDefaults.frames})`,
      wholeNumber(1),
    )
    .option(
      '--workers <n>',
      'threads that learn side by side (default: one for each core)',
      wholeNumber(1, MOST_WORKERS),
    )
    .option('--set <key=value...>', 'change a setting of the config, as stepSize=0.002')
    .option('--out <directory>', 'the run directory (default: runs/catch-<hash of the config>)')
    .option('--again', 'train anew what is finished, in a directory beside it')
    .option('--plain', 'a line per report instead of the chart')
    .option('--json', 'one JSON object per line')
    .addHelpText('after', () =>
      [
        '',
        'The mean reward is 1 where every ball is caught, −1 where none is. At the end',
        'the agent plays 1,000 games of a seed of their own, with its likeliest moves',
        'and with drawn ones.',
        '',
        'With --workers 1 the same seed is the same run, bit by bit, however often it is',
        'stopped; several workers change the weights in an order that nothing fixes.',
        '',
        'Ctrl-C saves a checkpoint and stops; the same command goes on. A run that is',
        'finished is shown again; --again trains it anew.',
        '',
        'Exit codes: 0 done, 1 failure, 2 bad usage, 130 Ctrl-C.',
        examples([
          ['train catch', ''],
          ['train catch --board 24,5 --model lstm', 'a larger board, a rival'],
          ['train catch --board 6,6 --frames 100000', 'all is seen: a first look'],
          ['train catch --workers 1 --seed 2', 'the same bits each time'],
        ]),
      ].join('\n'),
    )
    .action(async (options) => {
      const { trainAgentCommand } = await import('../commands/train-agent.ts');
      process.exitCode = await trainAgentCommand('catch', options);
    });
}
