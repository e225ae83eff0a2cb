import type { Command } from 'commander';
import { examples } from '../help-examples.ts';

// Only what --help needs is imported here.

export function addRuns(program: Command): void {
  const runs = program
    .command('runs')
    .summary('look at what has been trained')
    .description(
      'Looks at run directories, those of runs that are being trained too, and changes nothing.',
    )
    .usage('<list|show|compare> [options]')
    .addHelpText('after', () =>
      [
        '',
        'Exit codes: 0 done, 1 failure or a run that cannot be read, 2 bad usage.',
        examples([
          ['runs list', 'all runs in runs/'],
          ['runs show runs/reproduce/table1/0123456789abcdef', 'one of them'],
          ['runs compare runs/a runs/b', 'how they differ'],
        ]),
      ].join('\n'),
    );
  runs
    .command('list')
    .summary('all runs in a folder')
    .description('Lists all runs in a folder and in the folders of it.')
    .argument('[folder]', 'where to look', 'runs')
    .option('--json', 'one JSON object per line')
    .action(async (folder: string, options) => {
      const { listCommand } = await import('../commands/runs.ts');
      process.exitCode = await listCommand(folder, options);
    });
  runs
    .command('show')
    .summary('one run: its config, and how it went')
    .description(
      'Shows the config of a run, its result so far, and its validation errors as a curve.',
    )
    .argument('<directory>', 'the run')
    .option('--json', 'one JSON object')
    .action(async (directory: string, options) => {
      const { showCommand } = await import('../commands/runs.ts');
      process.exitCode = await showCommand(directory, options);
    });
  runs
    .command('compare')
    .summary('how runs differ, in config and result')
    .description('Shows where the configs of runs differ, and what came of each of them.')
    .argument('<directories...>', 'two runs or more')
    .option('--json', 'one JSON object')
    .action(async (directories: string[], options) => {
      const { compareCommand } = await import('../commands/runs.ts');
      process.exitCode = await compareCommand(directories, options);
    });
}
