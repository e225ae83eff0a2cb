import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { OptionError } from '@fastweights/core';
import {
  type FaceSet,
  memoryImages,
  multiPieClasses,
  type RenderFaceOptions,
  renderFace,
  syntheticFaces,
} from '@fastweights/datasets';
import { contactSheet } from '@fastweights/datasets/files';
import { command, say } from './command.ts';

const COLUMNS = 12;
const AREA = 48 * 48;

const columns = Array.from({ length: COLUMNS }, (_, column) => column);

/** Rows of clear faces: the expressions, camera and pitch, and lights. */
function clearFaces(): RenderFaceOptions[] {
  const expressions = multiPieClasses.flatMap((expression) =>
    columns.map((person) => ({ person, expression })),
  );
  const poses = columns.map((column) => ({
    person: 5 + Math.floor(column / 6),
    yaw: [-15, 0, 15][column % 3] as number,
    pitch: [0, 0, 0, -8, 0, 8][column % 6] as number,
  }));
  const lights = columns.map((column) => ({
    person: 9,
    light: [1, 3, 5, 7, 9, 11, 13, 14, 15, 17, 18, 0][column] as number,
  }));
  return [...expressions, ...poses, ...lights];
}

/** For each expression as many images of the set as fit into a row, from all over it. */
function asTrained(set: FaceSet): Uint32Array {
  const stride = 7919;
  const places = Array.from({ length: set.size }, (_, i) => (i * stride) % set.size);
  return Uint32Array.from(
    set.classes.flatMap((_, label) =>
      places.filter((index) => set.labels[index] === label).slice(0, COLUMNS),
    ),
  );
}

/** Rows 1 to 6 are the expressions; 7 turns heads, 8 moves the light; the others are as drawn for training. */
async function draw([file]: readonly string[]): Promise<void> {
  if (!file) throw new OptionError('the argument', 'the PNG file to write', 'missing');
  const { training } = syntheticFaces();
  const clear = clearFaces().map(renderFace);
  const drawn = await training.read(asTrained(training));
  const size = clear.length + drawn.length / AREA;
  const pixels = new Uint8Array(size * AREA);
  clear.forEach((face, i) => {
    pixels.set(face, i * AREA);
  });
  pixels.set(drawn, clear.length * AREA);
  const { side, classes } = training;
  const images = memoryImages({ pixels, labels: new Uint8Array(size), side, classes });
  const bytes = await contactSheet(images, { rows: size / COLUMNS, columns: COLUMNS, scale: 2 });
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, bytes);
  say(`${file}: ${size} faces, ${Math.round(bytes.length / 1000)} kB`);
}

await command(draw);
