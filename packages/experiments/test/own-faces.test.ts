import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { memoryImages } from '@fastweights/datasets';
import { contactSheet } from '@fastweights/datasets/files';
import { errorRate, trainSupervised } from '@fastweights/trainers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applySettings, parseConfig, prepareExperiment, trainingOptions } from '../src/index.ts';
import { fileSources } from '../src/node/index.ts';

// The experiment of Table 3 on a copy of one's own: from the files to the test error.

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fast-weights-own-'));
});
afterEach(() => rm(folder, { recursive: true }));

const SIDE = 48;

/** What a class looks like: bright where it is, dark elsewhere; each picture has a grey of its own. */
function picture(label: number, side: number, grey: number): Uint8Array {
  const pixels = new Uint8Array(side ** 2).fill(grey);
  const row = Math.floor(side / 2) + (label % 2 === 0 ? -8 : 8);
  const column = Math.floor(side / 2) + 8 * (Math.floor(label / 2) - 1);
  for (let y = row - 4; y < row + 4; y++) {
    pixels.fill(250, y * side + column - 4, y * side + column + 4);
  }
  return pixels;
}

/** Session and recording of neutral, smile, surprise, squint, disgust and scream. */
const RECORDINGS = [
  [1, 1],
  [1, 2],
  [2, 2],
  [2, 3],
  [3, 3],
  [4, 3],
] as const;
/** Left eye, right eye, nose: so that a picture of 64 × 64 is turned by nothing and made a little smaller. */
const PLACES = [19, 21, 44, 21, 32, 37.5];

/** A copy of Multi-PIE in little: six people, six expressions, one camera and two lights. */
async function writeMultiPie(root: string): Promise<void> {
  const rows = [
    'subject,session,recording,camera,left_eye_x,left_eye_y,right_eye_x,right_eye_y,nose_x,nose_y',
  ];
  for (let subject = 1; subject <= 6; subject++) {
    for (const [label, [session, recording]] of RECORDINGS.entries()) {
      const [person, one, two] = [`00${subject}`, `0${session}`, `0${recording}`];
      const place = path.join(root, `session${one}/multiview/${person}/${two}/05_1`);
      await mkdir(place, { recursive: true });
      for (const light of ['00', '07']) {
        const grey = 20 + 10 * subject + (light === '00' ? 0 : 5);
        const images = memoryImages({
          ...{ pixels: picture(label, 64, grey), labels: Uint8Array.of(0), side: 64 },
          classes: ['any'],
        });
        // The sheet has an edge of three pixels, on each side.
        const png = await contactSheet(images, { rows: 1, columns: 1, scale: 1 });
        await writeFile(path.join(place, `${person}_${one}_${two}_051_${light}.png`), png);
      }
      rows.push([subject, session, recording, '05_1', ...PLACES.map((at) => at + 3)].join());
    }
  }
  await writeFile(`${root}.csv`, rows.join('\n'));
}

/** FER-2013 in little: all seven emotions, eight to train on, two each to validate and to test. */
async function writeFer2013(file: string): Promise<void> {
  const counts = { Training: 8, PublicTest: 2, PrivateTest: 2 };
  const rows = Object.entries(counts).flatMap(([usage, count]) =>
    Array.from({ length: 7 * count }, (_, i) => {
      const label = i % 7;
      const grey = 20 + Math.floor(i / 7) * 5;
      // The seventh is grey all over.
      const pixels = label < 6 ? picture(label, SIDE, grey) : new Uint8Array(SIDE ** 2).fill(grey);
      return `${label},${pixels.join(' ')},${usage}`;
    }),
  );
  await writeFile(file, ['emotion,pixels,Usage', ...rows].join('\n'));
}

const table3 = parseConfig({
  task: 'faces',
  data: { source: 'synthetic' },
  model: { kind: 'fast-weights', units: 16 },
  training: {
    ...{ batchSize: 12, maxUpdates: 80, validateEvery: 20, stepSize: 0.01, schedule: 'constant' },
  },
});

/** Trains as `reproduce` does, from settings as they stand behind --set. */
async function reproduced(settings: readonly string[]) {
  const config = applySettings(table3, settings);
  const { model, data, optimizer: create, dispose } = prepareExperiment(config, fileSources());
  const [training, validation, test] = [
    await data.training(),
    await data.validation(),
    await data.test(),
  ];
  const optimizer = create();
  const before = await errorRate(model, test);
  const result = await trainSupervised({
    ...{ model, optimizer, training, validation },
    ...trainingOptions(config.training),
  });
  const after = await errorRate(model, test);
  optimizer.dispose();
  dispose();
  const sizes = [training.size, validation.size, test.size];
  return { sizes, updates: result.updates, before, after };
}

describe('Table 3 on a copy of one’s own', { timeout: 240_000 }, () => {
  it('of Multi-PIE is trained on some people and tested on others', async () => {
    const root = path.join(folder, 'pie');
    await writeMultiPie(root);
    const found = await reproduced([
      'source=multi-pie',
      ...[`root=${root}`, `landmarks=${root}.csv`, `cache=${path.join(folder, 'cache')}`],
      ...['validationIdentities=1', 'testIdentities=2'],
    ]);
    expect(found).toMatchObject({ sizes: [36, 12, 24], updates: 80 });
    expect(found.before).toBeGreaterThan(0.5);
    expect(found.after).toBeLessThan(0.1);
  });

  it.each([
    ['six', [56, 14, 14]],
    ['seven', [56, 14, 14]],
  ])('of FER-2013, in %s classes', async (classes, sizes) => {
    const file = path.join(folder, 'fer2013.csv');
    await writeFer2013(file);
    const found = await reproduced(['source=fer-2013', `file=${file}`, `classes=${classes}`]);
    expect(found).toMatchObject({ sizes, updates: 80 });
    expect(found.before).toBeGreaterThan(0.5);
    expect(found.after).toBeLessThan(0.1);
  });
});
