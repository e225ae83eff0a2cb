import { FastWeightsError } from '@fastweights/core';
import { type CsvRow, csvRows, type TextChunks } from '../csv-rows.ts';
import { type Counts, tally } from '../tally.ts';
import { cameraName, isShot, type MultiPieShot, shotNumber, shotOfName } from './shot.ts';

/** x to the right and y down, in pixels; 0, 0 is the middle of the upper left pixel. */
export interface Landmarks {
  /** The eye that is on the left of the image. */
  readonly leftEye: readonly [x: number, y: number];
  readonly rightEye: readonly [x: number, y: number];
  /** The tip of the nose. */
  readonly nose: readonly [x: number, y: number];
}

export interface LandmarksReport extends Counts<'odd' | 'repeated'> {
  readonly rows: number;
}

export interface MultiPieLandmarks {
  readonly report: LandmarksReport;
  of(shot: MultiPieShot): Landmarks | undefined;
}

/** A file of landmarks whose header does not say what is needed. */
export class LandmarksError extends FastWeightsError {
  /** Columns that are not there. */
  readonly missing: readonly string[];

  constructor(missing: readonly string[], found: readonly string[]) {
    const header = found.length === 0 ? 'The file is empty' : `Its header is "${found.join(',')}"`;
    super(
      'landmarks',
      `The landmarks have no column ${missing.join(', ')}. ${header}; it must name ${POINTS.join(', ')}, and either path or ${KEYS.join(', ')}, in any order.`,
    );
    this.missing = missing;
  }
}

const POINTS = ['left_eye_x', 'left_eye_y', 'right_eye_x', 'right_eye_y', 'nose_x', 'nose_y'];
const KEYS = ['subject', 'session', 'recording', 'camera'];

/**
 * Landmarks from a CSV whose first row names the columns, in any order: left_eye_x, left_eye_y, right_eye_x,
 * right_eye_y, nose_x, nose_y, and either `path`, of which the name of the file counts, or subject, session, recording,
 * camera (`05_1` or `051`) and illumination. Without an illumination, a row is for all lights of the recording, which
 * were photographed within a second. Other columns are passed over.
 *
 * Rows that make no sense are counted, as are rows for a shot that had one; of these the first is taken.
 *
 * @throws LandmarksError
 */
export async function readLandmarks(chunks: TextChunks): Promise<MultiPieLandmarks> {
  const counts = tally(['odd', 'repeated']);
  const places = new Map<number, Float32Array>();
  let columns: Columns | undefined;
  let rows = 0;
  for await (const row of csvRows(chunks)) {
    if (!columns) {
      columns = columnsOf(row.fields);
      continue;
    }
    rows++;
    const key = keyOf(row, columns);
    const points = Float32Array.from(columns.points, (column) => numberIn(row, column));
    const example = `row ${row.row}: ${row.fields.join(',').slice(0, 100)}`;
    if (key === undefined || !points.every(Number.isFinite)) counts.add('odd', example);
    else if (places.has(key)) counts.add('repeated', example);
    else places.set(key, points);
  }
  if (!columns) throw new LandmarksError(['path', ...POINTS], []);
  return {
    report: { rows, ...counts.counts() },
    of(shot) {
      const points = places.get(keyOfShot(shot)) ?? places.get(keyOfShot(shot, ALL_LIGHTS));
      if (!points) return undefined;
      const [x0, y0, x1, y1, x2, y2] = points as unknown as Six;
      return { leftEye: [x0, y0], rightEye: [x1, y1], nose: [x2, y2] };
    },
  };
}

type Six = readonly [number, number, number, number, number, number];

interface Columns {
  readonly points: readonly number[];
  readonly path: number;
  /** Of subject, session, recording, camera, illumination; -1 where there is none. */
  readonly keys: readonly number[];
}

function columnsOf(header: readonly string[]): Columns {
  const names = header.map((name) => name.toLowerCase().replace(/[\s-]+/g, '_'));
  const column = (name: string): number => names.indexOf(name);
  const lacking = (wanted: readonly string[]) => wanted.filter((name) => column(name) < 0);
  const path = column('path');
  const missing = lacking(POINTS);
  if (path < 0) {
    const keys = lacking(KEYS);
    missing.push(...(keys.length === KEYS.length ? ['path'] : keys));
  }
  if (missing.length > 0) throw new LandmarksError(missing, header);
  return { points: POINTS.map(column), path, keys: [...KEYS, 'illumination'].map(column) };
}

/** Empty fields are no numbers, whatever `Number('')` says. */
function numberIn({ fields }: CsvRow, column: number): number {
  const text = fields[column] ?? '';
  return text === '' ? Number.NaN : Number(text);
}

// Beyond the illuminations there are, and in the same five bits.
const ALL_LIGHTS = 31;

const keyOfShot = (shot: MultiPieShot, illumination: number = shot.illumination): number =>
  (shotNumber(shot) & ~31) | illumination;

function keyOf(row: CsvRow, columns: Columns): number | undefined {
  if (columns.path >= 0) {
    const shot = shotOfName((row.fields[columns.path] ?? '').split(/[/\\]/).at(-1) ?? '');
    return shot && keyOfShot(shot);
  }
  const [subject = -1, session = -1, recording = -1, cameraColumn = -1, light = -1] = columns.keys;
  const camera = cameraName((row.fields[cameraColumn] ?? '').padStart(3, '0'));
  if (camera === undefined) return undefined;
  const isForAll = (row.fields[light] ?? '') === '';
  const shot = {
    subject: numberIn(row, subject),
    session: numberIn(row, session),
    recording: numberIn(row, recording),
    camera,
    illumination: isForAll ? 0 : numberIn(row, light),
  };
  return isShot(shot) ? keyOfShot(shot, isForAll ? ALL_LIGHTS : shot.illumination) : undefined;
}
