import { Argument, type Command, Option } from 'commander';
import { backendOption } from './backend-option.ts';
import { examples } from './help-examples.ts';

// What can be done with a trained model. Only what --help needs is imported here.

export function addModelCommands(program: Command): void {
  addRecall(program);
  addEvaluate(program);
  addExport(program);
}

function addRecall(program: Command): void {
  program
    .command('recall')
    .summary('ask a trained network: recall "j0a5s5z2??a"')
    .description(
      'Asks a trained network for the digit that came with a letter. A string is 1 to 26 pairs of a letter and a ' +
        'digit, then ??, then one of the letters. Beneath each string stands how much of its attention the network ' +
        'gave to each character as it answered; only fast weights attend.',
    )
    .addArgument(new Argument('[strings...]', 'strings; without any, one per line from stdin'))
    .option('--run <run>', 'a run, or an exported file (default: the run trained last)')
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

function addEvaluate(program: Command): void {
  program
    .command('evaluate')
    .summary('test a trained network, class by class')
    .description(
      'Tests the best weights of a run on data that it was not trained on, and says which classes it takes for which.',
    )
    .addArgument(new Argument('<run>', 'a run directory, or an exported file'))
    .addOption(
      new Option('--data <name>', 'on which data').choices(['test', 'validation']).default('test'),
    )
    .option('--checkpoint', 'of a run that is not finished, the best weights so far')
    .addOption(backendOption())
    .option('--json', 'one JSON object')
    .addHelpText('after', () =>
      [
        '',
        'Exit codes: 0 done, 1 failure or a run that is not finished, 2 bad usage.',
        examples([
          ['evaluate runs/mnist-0123abcd', ''],
          ['evaluate runs/mnist-0123abcd --data validation', 'what chose the weights'],
          ['evaluate model.safetensors --json', 'for machines'],
        ]),
      ].join('\n'),
    )
    .action(async (run: string, options) => {
      const { evaluateCommand } = await import('./commands/evaluate.ts');
      process.exitCode = await evaluateCommand(run, options);
    });
}

function addExport(program: Command): void {
  program
    .command('export')
    .summary('a trained network as one file, for Python too')
    .description(
      'Writes the best weights of a run as safetensors, with its whole config in the metadata: one file, which recall, ' +
        'evaluate, watch and play take like a run, and whatever reads safetensors. Of an agent they are the last.',
    )
    .addArgument(new Argument('<run>', 'a run directory'))
    .addArgument(
      new Argument('[file]', 'where to write it (default: <name of the run>.safetensors)'),
    )
    .option('--checkpoint', 'of a run that is not finished, the best weights so far')
    .option('--force', 'replace a file that is there')
    .addHelpText('after', () =>
      [
        '',
        'In Python: safetensors.numpy.load_file("model.safetensors").',
        '',
        'Exit codes: 0 done, 1 failure or a run that is not finished, 2 bad usage.',
        examples([
          ['export runs/retrieval-0123abcd model.safetensors', ''],
          ['recall "j0a5s5z2??a" --run model.safetensors', 'ask it'],
        ]),
      ].join('\n'),
    )
    .action(async (run: string, file: string | undefined, options) => {
      const { exportCommand } = await import('./commands/export.ts');
      process.exitCode = await exportCommand(run, file, options);
    });
}
