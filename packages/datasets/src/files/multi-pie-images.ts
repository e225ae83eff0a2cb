import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { alignFace, oddLandmarks } from '../faces/multi-pie/align.ts';
import { multiPieClasses, multiPieExpression } from '../faces/multi-pie/expressions.ts';
import type { Landmarks, MultiPieLandmarks } from '../faces/multi-pie/landmarks.ts';
import { type MultiPieShot, shotNumber, shotOfPath } from '../faces/multi-pie/shot.ts';
import { type Counts, tally } from '../faces/tally.ts';
import { readGreyPng } from '../images/grey-png.ts';
import type { ImageCacheWriter } from './image-cache-writer.ts';
import { readAhead } from './read-ahead.ts';
import { type Found, walk } from './walk.ts';

/** Why a file of the tree is not among the images. */
export type MultiPieProblem = (typeof PROBLEMS)[number];

/** What became of every file below the root: `files` is the sum of `images` and of all counts of `leftOut`. */
export interface MultiPieTree {
  readonly files: number;
  readonly images: number;
  readonly leftOut: Counts<MultiPieProblem>;
}

const PROBLEMS = [
  'not-a-png',
  'odd-name',
  'other-camera',
  'unknown-expression',
  'repeated',
  'no-landmarks',
  'odd-landmarks',
  'unreadable-image',
  'unreadable-folder',
] as const;

export interface MultiPieSource {
  /** Absolute. */
  readonly root: string;
  readonly landmarks: MultiPieLandmarks;
  readonly cameras: readonly string[];
  readonly side: number;
  readonly onProgress: (progress: { readonly files: number; readonly images: number }) => void;
}

interface Position {
  readonly files: number;
  /** The last of them. */
  readonly path: string;
  readonly leftOut: Counts<MultiPieProblem>;
}

interface Problem {
  readonly problem: MultiPieProblem;
  readonly why?: string;
}

interface Face {
  readonly shot: MultiPieShot;
  readonly pixels: Uint8Array;
}

const AHEAD = 8;
const BETWEEN_CHECKPOINTS = 250;

/** Brings every image of use below the root into the cache, and says what became of all other files. */
export async function cacheMultiPie(
  source: MultiPieSource,
  writer: ImageCacheWriter,
): Promise<MultiPieTree> {
  const { root, onProgress } = source;
  let position = writer.position as Position | undefined;
  if (position && !(await isSameTree(root, position))) {
    await writer.restart();
    position = undefined;
  }
  const problems = tally<MultiPieProblem>(PROBLEMS, position?.leftOut);
  const seen = new Set(await writer.tags());
  let files = position?.files ?? 0;
  let checked = writer.size;
  const found = after(walk(root), files);
  for await (const one of readAhead(found, AHEAD, load(source))) {
    const outcome = outcomeOf(one, source, seen);
    files++;
    if ('problem' in outcome) {
      const where = path.relative(root, one.path);
      problems.add(outcome.problem, outcome.why ? `${where}: ${outcome.why}` : where);
    } else {
      const { session, recording } = outcome.shot;
      const number = shotNumber(outcome.shot);
      const label = multiPieClasses.indexOf(multiPieExpression(session, recording) ?? 'neutral');
      await writer.append(outcome.pixels, [label], [number]);
      seen.add(number);
    }
    onProgress({ files, images: writer.size });
    if (writer.size - checked >= BETWEEN_CHECKPOINTS) {
      const reached: Position = { files, path: one.path, leftOut: problems.counts() };
      await writer.checkpoint(reached);
      checked = writer.size;
    }
  }
  return { files, images: writer.size, leftOut: problems.counts() };
}

/** Whether what an interrupted run had come to lies where it did. */
async function isSameTree(root: string, { files, path: last }: Position): Promise<boolean> {
  for await (const found of after(walk(root), files - 1)) return found.path === last;
  return false;
}

async function* after(found: AsyncIterable<Found>, count: number): AsyncGenerator<Found> {
  let passed = 0;
  for await (const one of found) if (passed++ >= count) yield one;
}

interface Loaded extends Found {
  /** Of a file that its name does not leave out. */
  readonly bytes?: Uint8Array | Error;
}

const load =
  (source: MultiPieSource) =>
  async (found: Found): Promise<Loaded> => {
    if ('problem' in candidate(found, source)) return found;
    const bytes = await readFile(found.path).catch((error: Error) => error);
    return { ...found, bytes };
  };

interface Candidate {
  readonly shot: MultiPieShot;
  readonly points: Landmarks;
}

/** What is decided before the file is read. */
function candidate(found: Found, { cameras, landmarks }: MultiPieSource): Problem | Candidate {
  if (found.kind === 'folder') return { problem: 'unreadable-folder', why: found.fault ?? '' };
  if (found.kind === 'special' || !/\.png$/i.test(found.path)) return { problem: 'not-a-png' };
  const shot = shotOfPath(found.path);
  if (!shot) return { problem: 'odd-name' };
  if (!cameras.includes(shot.camera)) return { problem: 'other-camera' };
  if (!multiPieExpression(shot.session, shot.recording)) return { problem: 'unknown-expression' };
  const points = landmarks.of(shot);
  return points ? { shot, points } : { problem: 'no-landmarks' };
}

function outcomeOf(
  loaded: Loaded,
  source: MultiPieSource,
  seen: ReadonlySet<number>,
): Problem | Face {
  const named = candidate(loaded, source);
  if ('problem' in named) return named;
  const { shot, points } = named;
  if (seen.has(shotNumber(shot))) return { problem: 'repeated' };
  try {
    if (!(loaded.bytes instanceof Uint8Array)) throw loaded.bytes ?? new Error('it was not read');
    const image = readGreyPng(loaded.bytes);
    const why = oddLandmarks(points, image);
    if (why) return { problem: 'odd-landmarks', why };
    return { shot, pixels: alignFace(image, points, source.side) };
  } catch (error) {
    return { problem: 'unreadable-image', why: (error as Error).message };
  }
}
