import { Command } from 'commander';
import { addPlay, addWatch } from './catch/catch-program.ts';
import { addCompletion } from './completion-program.ts';
import { addData } from './data/data-program.ts';
import { version } from './defaults.ts';
import { examples } from './help-examples.ts';
import { addModelCommands } from './model-program.ts';
import { printableLines } from './printable.ts';
import { addReproduce } from './reproduce/reproduce-program.ts';
import { addRuns } from './run-records/runs-program.ts';
import { addTrain } from './training/train-program.ts';

// Only what --help needs is imported here: tfjs and the commands come when one runs.

export function createProgram(): Command {
  const program = new Command('fastweights')
    .description(
      'Recurrent networks whose fast weights remember the recent past (Ba, Hinton, Mnih, Leibo and Ionescu 2016), on TensorFlow.js.',
    )
    .version(version, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this')
    .helpCommand('help [command]', 'explain a command')
    .showHelpAfterError('Add --help for an explanation.')
    .exitOverride()
    .configureOutput({ writeErr: (text) => process.stderr.write(printableLines(text)) })
    .addHelpText('after', () =>
      examples([
        ['train retrieval', 'learn to remember: a few seconds'],
        ['recall "j0a5s5z2??a"', 'ask it, and see what it attends to'],
        ['reproduce table1 --budget quick', 'a table of the paper'],
        ['play catch', 'a game of the paper, with the arrow keys'],
        ['data mnist', 'what is in a data set'],
        ['doctor', 'what can compute here, and how fast'],
        ['train retrieval --help', 'every option of a command'],
      ]),
    );
  addTrain(program);
  addModelCommands(program);
  addWatch(program);
  addPlay(program);
  addReproduce(program);
  addRuns(program);
  addData(program);
  addDoctor(program);
  addCompletion(program);
  return program;
}

function addDoctor(program: Command): void {
  program
    .command('doctor')
    .summary('what can compute here, how fast, and what is missing')
    .description(
      'Tries every backend that there may be on this machine. Each is proved by a training step whose right result is ' +
        'known, and timed; where one cannot be used, it says why and what to do.',
    )
    .option('--software', 'also try GPUs that are only emulated')
    .option('--json', 'one JSON object')
    .addHelpText('after', () =>
      [
        '',
        'Exit codes: 0 if a backend works, 1 if none does.',
        examples([
          ['doctor', ''],
          ['doctor --json', 'for machines'],
        ]),
      ].join('\n'),
    )
    .action(async (options) => {
      const { doctorCommand } = await import('./commands/doctor.ts');
      process.exitCode = await doctorCommand(options);
    });
}
