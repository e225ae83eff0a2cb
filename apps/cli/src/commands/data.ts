import { OptionError } from '@fastweights/core';
import { catchData } from '../data/catch-data.ts';
import { dataPage } from '../data/data-page.ts';
import { checkPictures, drawPictures, type PictureOptions } from '../data/data-pictures.ts';
import { facesData } from '../data/faces-data.ts';
import { fer2013Data } from '../data/fer-2013-data.ts';
import type { LoadedData } from '../data/loaded-data.ts';
import { fashionMnistData, mnistData } from '../data/mnist-data.ts';
import { InterruptedError, multiPieData } from '../data/multi-pie-data.ts';
import { retrievalData } from '../data/retrieval-data.ts';
import { exitCodes } from '../exit-codes.ts';
import { printable, printableJson } from '../printable.ts';
import { roomOf } from '../terminal/frame.ts';
import { printLines } from '../terminal/print-lines.ts';
import { UsageError } from '../usage-error.ts';

export type DataName =
  | 'retrieval'
  | 'mnist'
  | 'fashion-mnist'
  | 'faces'
  | 'multi-pie'
  | 'fer-2013'
  | 'catch';

// Which options a data set has, and of which type, commander has seen to.
const sources: Readonly<Record<DataName, (options: never) => Promise<LoadedData>>> = {
  retrieval: retrievalData,
  mnist: mnistData,
  'fashion-mnist': fashionMnistData,
  faces: facesData,
  'multi-pie': multiPieData,
  'fer-2013': fer2013Data,
  catch: catchData,
};

export interface DataOptions extends PictureOptions {
  readonly json?: boolean;
}

/** Says what is in a data set, and draws it where that is asked for. */
export async function dataCommand(name: DataName, options: DataOptions): Promise<number> {
  try {
    await checkPictures(options);
    const data = await sources[name](options as never);
    const pictures = await drawPictures(data, options);
    if (options.json) printJson(data, options);
    else printPage(data, pictures.length > 0 || !data.images ? pictures : [pictureHint(name)]);
    return exitCodes.done;
  } catch (error) {
    if (error instanceof InterruptedError) {
      console.error(printable(error.message));
      return error.exitCode;
    }
    throw error instanceof OptionError ? usageError(error, options) : error;
  }
}

const pictureHint = (name: DataName): string =>
  `To see it, add --sheet ${name}.png (images of each class) or --glimpses path.png (where the model looks).`;

/** In the words of the command line, where it is one of its options. */
function usageError(cause: OptionError, options: DataOptions): UsageError {
  const { argument, expected, received, message } = cause;
  const option = `--${argument.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const sentence = `${option} must be ${expected}, but it is ${received}.`;
  return new UsageError(argument in options ? sentence : message, { cause });
}

function printJson({ facts, images }: LoadedData, { sheet, glimpses }: DataOptions): void {
  const pictures = images && { pictures: { sheet: sheet ?? null, glimpses: glimpses ?? null } };
  console.log(printableJson({ ...facts, ...pictures }));
}

function printPage(data: LoadedData, pictures: readonly string[]): void {
  const columns = process.stdout.isTTY ? roomOf(process.stdout).columns : 100;
  printLines(dataPage(data, pictures, columns));
}
