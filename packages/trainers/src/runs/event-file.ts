import { readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { appendTo, type GrowingFile } from '@fastweights/core/node';
import { fileVersion, goesOnFrom } from './tensorboard-events.ts';

const NAME = /^events\.out\.tfevents\.(\d+)\./;

/** A new event file, which says from which step on it replaces those before it. */
export async function createEventFile(directory: string, step: number): Promise<GrowingFile> {
  const times = (await readdir(directory)).map((name) => Number(NAME.exec(name)?.[1] ?? 0));
  const now = Date.now() / 1000;
  // TensorBoard reads the files of a run in the order of their names, and two may begin in the same second.
  const second = Math.max(Math.floor(now), Math.max(0, ...times) + 1);
  const host = hostname().replace(/[^\w.-]/g, '_');
  const name = `events.out.tfevents.${String(second).padStart(10, '0')}.${host}`;
  const place = path.join(directory, name);
  const file = await appendTo(place, 0);
  try {
    await file.append(fileVersion(now));
    await file.append(goesOnFrom(now, step));
  } catch (error) {
    await file.close();
    await rm(place, { force: true });
    throw error;
  }
  return file;
}
