import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { memoryImages } from '@fastweights/datasets';
import { contactSheet } from '@fastweights/datasets/files';

export interface MultiPieFixture {
  readonly root: string;
  readonly landmarks: string;
  /** The image that is read first. */
  readonly first: string;
}

const CAMERAS = ['05_0', '05_1', '14_0'];
/** Session and recording of each expression. */
const RECORDINGS = [
  [1, 1],
  [1, 2],
  [2, 2],
  [2, 3],
  [3, 3],
  [4, 3],
] as const;

const digits = (value: number, count: number): string => `${value}`.padStart(count, '0');

/** Real PNGs in the real layout, all of one grey, their landmarks, and one file more. */
export async function writeMultiPie(
  root: string,
  { subjects, illuminations }: { readonly subjects: number; readonly illuminations: number },
): Promise<MultiPieFixture> {
  const png = await greyPng();
  const rows = [
    'subject,session,recording,camera,left_eye_x,left_eye_y,right_eye_x,right_eye_y,nose_x,nose_y',
  ];
  const files: string[] = [];
  for (let subject = 1; subject <= subjects; subject++) {
    for (const [session, recording] of RECORDINGS) {
      for (const camera of CAMERAS) {
        const parts = [digits(subject, 3), digits(session, 2), digits(recording, 2)] as const;
        const folder = path.join(root, `session${parts[1]}/multiview`, parts[0], parts[2], camera);
        await mkdir(folder, { recursive: true });
        for (let light = 0; light < illuminations; light++) {
          const name = [...parts, camera.replace('_', ''), digits(light, 2)].join('_');
          files.push(path.join(folder, `${name}.png`));
        }
        rows.push([subject, session, recording, camera, 20, 24, 44, 24, 32, 40].join(','));
      }
    }
  }
  await Promise.all(files.map((file) => writeFile(file, png)));
  await writeFile(path.join(root, 'session01/notes.txt'), 'read me');
  await writeFile(`${root}.csv`, `${rows.join('\n')}\n`);
  return { root, landmarks: `${root}.csv`, first: files.toSorted()[0] as string };
}

function greyPng(): Promise<Uint8Array> {
  const side = 64;
  const images = memoryImages({
    pixels: new Uint8Array(side ** 2).fill(128),
    labels: Uint8Array.of(0),
    side,
    classes: ['grey'],
  });
  return contactSheet(images, { rows: 1, columns: 1, scale: 1 });
}
