import { classSheet, glimpseSheet } from '@fastweights/datasets/files';
import { checkNewFile, writeNewFile } from '../new-file.ts';
import { UsageError } from '../usage-error.ts';
import type { LoadedData } from './loaded-data.ts';

export interface PictureOptions {
  readonly sheet?: string;
  readonly glimpses?: string;
  readonly example?: number;
  readonly force?: boolean;
}

/** What can be known to be wrong before the data is read. */
export async function checkPictures(options: PictureOptions): Promise<void> {
  const { sheet, glimpses, example, force = false } = options;
  if (example !== undefined && glimpses === undefined) {
    throw new UsageError('--example says which image --glimpses draws: give both.');
  }
  if (sheet !== undefined && sheet === glimpses) {
    throw new UsageError('--sheet and --glimpses need a file each.');
  }
  for (const file of [sheet, glimpses]) if (file !== undefined) await checkNewFile(file, { force });
}

const COLUMNS = 12;

/** Writes the pictures that are asked for, and says of each what is on it. */
export async function drawPictures(
  { images, facts }: LoadedData,
  options: PictureOptions,
): Promise<string[]> {
  const { sheet, glimpses, example = 0, force = false } = options;
  if (!images || !facts.pixels) return [];
  const { split } = facts.pixels;
  if (glimpses !== undefined && example >= images.size) {
    throw new UsageError(
      `--example must be below ${images.size}, the number of images in the ${split} set, but it is ${example}.`,
    );
  }
  const said: string[] = [];
  if (sheet !== undefined) {
    const bytes = await classSheet(images, { columns: COLUMNS, seed: facts.seed });
    await writeNewFile(sheet, bytes, { force });
    const rows = images.classes.join(', ');
    said.push(
      `${sheet}: ${COLUMNS} images of each class of the ${split} set; the rows are ${rows}.`,
    );
  }
  if (glimpses !== undefined) {
    await writeNewFile(glimpses, await glimpseSheet(images, { example }), { force });
    const label = images.classes[images.labels[example] as number];
    said.push(
      `${glimpses}: the glimpses of image ${example} of the ${split} set (${label}), in order.`,
    );
  }
  return said;
}
