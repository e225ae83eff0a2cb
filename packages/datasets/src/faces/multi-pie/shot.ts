import { OptionError } from '@fastweights/core';

/** One photograph of Multi-PIE. */
export interface MultiPieShot {
  /** 1 … 346 */
  readonly subject: number;
  /** 1 … 4 */
  readonly session: number;
  readonly recording: number;
  /** As folders spell it: `05_1`. */
  readonly camera: string;
  /** 0 … 19 */
  readonly illumination: number;
}

const SUBJECTS = 346;
const SESSIONS = 4;
const ILLUMINATIONS = 20;
const NAME = /^(\d{3})_(\d{2})_(\d{2})_(\d{2})(\d)_(\d{2})\.png$/i;
const CAMERA = /^\d{2}_?\d$/;

/** `05_1` of `05_1`, `051`; undefined where it is neither. */
export const cameraName = (text: string): string | undefined =>
  CAMERA.test(text) ? `${text.slice(0, 2)}_${text.slice(-1)}` : undefined;

/** The shot that a file name such as `108_02_01_051_17.png` tells of. */
export function shotOfName(name: string): MultiPieShot | undefined {
  const parts = NAME.exec(name);
  if (!parts) return undefined;
  const [subject, session, recording] = parts.slice(1, 4).map(Number) as [number, number, number];
  const shot = {
    subject,
    session,
    recording,
    camera: `${parts[4]}_${parts[5]}`,
    illumination: Number(parts[6]),
  };
  return isShot(shot) ? shot : undefined;
}

/**
 * The shot of a file whose name and folders agree:
 * `…/session02/multiview/108/01/05_1/108_02_01_051_17.png`.
 */
export function shotOfPath(path: string): MultiPieShot | undefined {
  const parts = path.split(/[/\\]/);
  const shot = shotOfName(parts.at(-1) ?? '');
  if (!shot) return undefined;
  const { subject, session, recording, camera } = shot;
  const folders = [`session${digits(session, 2)}`, 'multiview'];
  folders.push(digits(subject, 3), digits(recording, 2), camera);
  const found = parts.slice(-1 - folders.length, -1).map((folder) => folder.toLowerCase());
  return folders.every((folder, i) => folder === found[i]) ? shot : undefined;
}

/** The same path for every way to write it; the inverse of `shotOfPath`. */
export function pathOfShot(shot: MultiPieShot): string {
  const { subject, session, recording, camera, illumination } = shot;
  const [person, day, take] = [digits(subject, 3), digits(session, 2), digits(recording, 2)];
  const name = [person, day, take, camera.replace('_', ''), digits(illumination, 2)].join('_');
  return `session${day}/multiview/${person}/${take}/${camera}/${name}.png`;
}

export function isShot({
  subject,
  session,
  recording,
  camera,
  illumination,
}: MultiPieShot): boolean {
  const isIn = (value: number, least: number, most: number): boolean =>
    Number.isInteger(value) && value >= least && value <= most;
  return (
    isIn(subject, 1, SUBJECTS) &&
    isIn(session, 1, SESSIONS) &&
    isIn(recording, 1, 15) &&
    isIn(cameraNumber(camera), 0, 255) &&
    isIn(illumination, 0, ILLUMINATIONS - 1)
  );
}

const cameraNumber = (camera: string): number => Number(camera.replace('_', ''));
const digits = (value: number, length: number): string => String(value).padStart(length, '0');

/** A number of 30 bits that is another for every shot. */
export function shotNumber(shot: MultiPieShot): number {
  if (!isShot(shot)) throw new OptionError('shot', 'one of Multi-PIE', JSON.stringify(shot));
  const { subject, session, recording, camera, illumination } = shot;
  const person = ((subject << 3) | session) << 4;
  return ((((person | recording) << 8) | cameraNumber(camera)) << 5) | illumination;
}

/** The subject in a number of `shotNumber`. */
export const subjectOf = (number: number): number => number >>> 20;
