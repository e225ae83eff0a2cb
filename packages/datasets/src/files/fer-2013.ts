import { createReadStream } from 'node:fs';
import { OptionError } from '@fastweights/core';
import { type Fer2013, type Fer2013Options, parseFer2013 } from '../faces/fer-2013.ts';
import { Fer2013Error } from '../faces/fer-2013-rows.ts';

export interface Fer2013FileOptions extends Fer2013Options {
  /** Your own copy: `fer2013.csv` or `icml_face_data.csv`. */
  readonly file: string;
}

/**
 * FER-2013 from your own copy, which is read in pieces; the images are then in memory, 83 MB of them.
 *
 * @throws Fer2013Error, CsvError
 */
export async function readFer2013({ file, ...options }: Fer2013FileOptions): Promise<Fer2013> {
  if (typeof file !== 'string' || file === '') {
    throw new OptionError('file', 'a path', JSON.stringify(file) ?? 'missing');
  }
  try {
    return await parseFer2013(createReadStream(file, { highWaterMark: 1 << 20 }), options);
  } catch (cause) {
    const { code, syscall, message } = cause as NodeJS.ErrnoException;
    if (typeof code !== 'string' || syscall === undefined) throw cause;
    const sentence = `FER-2013 cannot be read: ${message}. Name the CSV that you have downloaded.`;
    throw new Fer2013Error('file', undefined, sentence, { cause });
  }
}
