import { Argument, Command, Option } from 'commander';
import { addData } from './data/data-program.ts';
import { DEFAULT_RUN, MOST_UNITS, version } from './defaults.ts';
import { examples } from './help-examples.ts';
import { percent, wholeNumber } from './option-values.ts';
import { printableLines } from './printable.ts';
import { addReproduce } from './reproduce/reproduce-program.ts';
import { addRuns } from './run-records/runs-program.ts';

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
        ['data mnist', 'what is in a data set'],
        ['doctor', 'what can compute here, and how fast'],
        ['train retrieval --help', 'every option of a command'],
      ]),
    );
  addTrain(program);
  addRecall(program);
  addData(program);
  addReproduce(program);
  addRuns(program);
  addDoctor(program);
  return program;
}

function addTrain(program: Command): void {
  const train = program
    .command('train')
    .summary('train a network')
    .description('Trains the network of an experiment of the paper.')
    .usage('<experiment> [options]')
    .configureOutput({
      outputError: (text, write) => write(text.replace('unknown command', 'unknown experiment')),
    });
  train
    .command('retrieval')
    .summary('associative retrieval: c9k8j3f1??c → 9')
    .description(
      'Trains the fast-weights network of Table 1 on associative retrieval: it reads a string such as c9k8j3f1??c ' +
        'and answers with the digit that came with the letter asked for, here 9. Training ends when the error on ' +
        '10,000 strings kept aside is below the target; the error on 20,000 others is then its mark.',
    )
    .option('--units <n>', 'fast-weights units, as 20, 50 or 100', wholeNumber(1, MOST_UNITS), 50)
    .option('--seed <n>', 'same seed, same run', wholeNumber(0), 1)
    .option('--updates <n>', 'end after so many updates at the latest', wholeNumber(1), 4000)
    .option('--target <percent>', 'end below this validation error; 0: use all updates', percent, 1)
    .addOption(
      new Option('--backend <name>', 'what computes (default: the fastest; see doctor)').choices([
        'tensorflow',
        'webgpu',
        'wasm',
        'cpu',
      ]),
    )
    .option('--out <directory>', 'where the run is saved', DEFAULT_RUN)
    .option('--software', 'take a GPU that is only emulated too')
    .option('--plain', 'a line per validation instead of the chart')
    .addHelpText('after', () =>
      [
        '',
        'Ctrl-C ends training early and keeps the best weights so far. A run that is',
        'in the directory already is replaced only when the new one has finished.',
        '',
        'Exit codes: 0 done, 1 failure, 2 bad usage, 3 target not reached, 130 Ctrl-C.',
        examples([
          ['train retrieval', ''],
          ['train retrieval --units 20 --out runs/units-20', 'a smaller memory'],
          ['train retrieval --updates 300 --plain', 'a short look, line by line'],
        ]),
      ].join('\n'),
    )
    .action(async (options) => {
      const { trainRetrievalCommand } = await import('./commands/train-retrieval.ts');
      process.exitCode = await trainRetrievalCommand(options);
    });
}

function addRecall(program: Command): void {
  program
    .command('recall')
    .summary('ask a trained network: recall "j0a5s5z2??a"')
    .description(
      'Asks a trained network for the digit that came with a letter. A string is 1 to 26 pairs of a letter and a ' +
        'digit, then ??, then one of the letters. Beneath each string stands how much of its attention the network ' +
        'gave to each character as it answered.',
    )
    .addArgument(new Argument('[strings...]', 'strings; without any, one per line from stdin'))
    .option('--run <directory>', 'the run to ask', DEFAULT_RUN)
    .option('--json', 'one JSON object per line')
    .addHelpText('after', () =>
      [
        '',
        'Put strings in quotes: to a shell, ? is a pattern. pnpm prints lines of its own',
        'before a script: pnpm --silent fastweights … leaves only the answers.',
        '',
        'Exit codes: 0 done, 1 failure, 2 bad usage or a string that is none.',
        examples([
          ['recall "j0a5s5z2??a"', ''],
          ['recall "j0a5s5z2??a" "j0a5s5z2??z"', 'the same memory, two questions'],
          ['recall "h4e0l2p8w6y1??p"', 'more pairs than it was trained on'],
          ['recall --json < strings.txt', 'for machines'],
        ]),
      ].join('\n'),
    )
    .action(async (strings: string[], options) => {
      const { recallCommand } = await import('./commands/recall.ts');
      process.exitCode = await recallCommand(strings, options);
    });
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
