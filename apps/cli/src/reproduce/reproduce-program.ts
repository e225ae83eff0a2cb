import { Argument, type Command, Option } from 'commander';
import { MOST_WORKERS } from '../defaults.ts';
import { examples } from '../help-examples.ts';
import { wholeNumber } from '../option-values.ts';
import { names, wholeNumbers } from './list-values.ts';

// Only what --help needs is imported here: tfjs and the experiments come when one runs.

const MOST_PARALLEL = 256;
const MOST_SEEDS = 1000;
/** Those of figure5; a test compares them. */
export const BOARDS: readonly string[] = ['16,3', '24,5', '32,7'];

export function addReproduce(program: Command): void {
  program
    .command('reproduce')
    .summary('train what a table of the paper shows, and report')
    .description(
      'Trains every run of a table or figure of the paper, each in a run directory of its own, and writes a report that ' +
        "shows the results beside the paper's. What is done is skipped, and what was begun goes on where it was saved.",
    )
    .addArgument(
      new Argument('<experiment>', 'table1, figure2, table2, table3, all of these, or figure5'),
    )
    .addOption(
      new Option('--budget <name>', 'how many seeds and updates; standard: two hours on two cores')
        .choices(['quick', 'standard', 'full'])
        .default('standard'),
    )
    .option('--models <names>', 'only these rows, as fast-weights,lstm', names)
    .option('--units <numbers>', 'only these columns, as 20,50', wholeNumbers(1))
    .option('--seeds <n>', 'so many seeds for every cell', wholeNumber(1, MOST_SEEDS))
    .addOption(new Option('--board <N,M...>', 'of figure5 (default: 16,3 24,5)').choices(BOARDS))
    .option('--trials <n>', 'of figure5: so many settings tried', wholeNumber(1, MOST_SEEDS))
    .option('--frames <n>', 'of figure5: so many frames of each run', wholeNumber(1))
    .option(
      '--parallel <n>',
      'runs side by side (default on wasm and cpu: as many as cores)',
      wholeNumber(1, MOST_PARALLEL),
    )
    .option('--workers <n>', 'threads that share each batch', wholeNumber(1, MOST_WORKERS), 1)
    .option('--out <folder>', 'where runs and reports are kept', 'runs/reproduce')
    .addOption(
      new Option('--backend <name>', 'what computes (default: the fastest)').choices([
        'tensorflow',
        'webgpu',
        'wasm',
        'cpu',
      ]),
    )
    .option('--software', 'take a GPU that is only emulated too')
    .option('--set <key=value...>', 'change a setting of every run, as stepSize=0.002')
    .option('--dry-run', 'say what would be trained, and train nothing')
    .option('--json', 'one JSON object per line')
    .option('--plain', 'a line per validation instead of lines that change')
    .addHelpText('after', () =>
      [
        '',
        'Ctrl-C saves a checkpoint of every run at work; the same command goes on, with',
        'the same bits if --workers and the backend are the same. --parallel changes no',
        'bits: two cores do two runs in the time of one, which two --workers of a run do',
        'not. Without --backend the fastest is chosen, once for all runs; with --parallel',
        'or --workers it is wasm, since a GPU or TensorFlow is kept busy by one run.',
        '',
        'Each run has its directory, <out>/<experiment>/<hash>; beside them are',
        'report.html, .md and .json, those of all in <out>. The faces of table3 are',
        'rendered once, for all its runs, and kept in <out>/.images (333 MB).',
        '',
        'figure5 searches: every model tries the same number of settings on each board,',
        'then the best one gets seeds of its own. Its standard budget is two days on two',
        'cores, so all leaves it out.',
        '',
        'Exit codes: 0 done, 1 failure or a run failed, 2 bad usage, 130 Ctrl-C.',
        examples([
          ['reproduce table1 --budget quick', 'some minutes: does it run?'],
          ['reproduce table1 --models fast-weights', 'one row'],
          ['reproduce table2 --dry-run', 'what would be trained'],
          ['reproduce all --budget quick', 'all tables, one report'],
          ['reproduce figure5 --board 16,3 --budget quick', 'agents that remember'],
        ]),
      ].join('\n'),
    )
    .action(async (experiment: string, options) => {
      if (experiment === 'figure5') {
        const { reproduceFigureCommand } = await import('../commands/reproduce-figure.ts');
        process.exitCode = await reproduceFigureCommand(options);
        return;
      }
      const { reproduceCommand } = await import('../commands/reproduce.ts');
      process.exitCode = await reproduceCommand(experiment, options);
    });
}
