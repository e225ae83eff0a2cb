import type uPlot from 'uplot';
import { PLATEAU, styles } from './kinds.ts';
import type { Standing } from './standing.ts';
import { colourOf, pixelRatio } from './tokens.ts';

// What is written into the plot: on its canvas, in its pixels.

const APART = 17;

/** Where everybody rests who knows which digits occurred. */
export function drawPlateau(plot: uPlot, font: string): void {
  const { ctx, bbox } = plot;
  const ratio = pixelRatio();
  const y = Math.round(plot.valToPos(100 * PLATEAU, 'y', true)) + 0.5;
  ctx.save();
  ctx.strokeStyle = colourOf('--edge');
  ctx.lineWidth = ratio;
  ctx.setLineDash([ratio, 3 * ratio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
  const isNarrow = bbox.width / ratio < 380;
  const words = isNarrow
    ? ['plateau at 61.65 %']
    : ['Plateau at 61.65 %: they know', 'which digits, not whose'];
  words.forEach((line, i) => {
    write(plot, font, {
      ...{ text: line, x: bbox.left + bbox.width, y: y + (24 + 16 * i) * ratio },
      ...{ colour: colourOf('--ink-3'), align: 'right' },
    });
  });
}

/** A dot at the end of each line, and its name beside it; names that would lie on each other move apart. */
export function drawLabels(plot: uPlot, lines: readonly Standing[], font: string): void {
  const { ctx } = plot;
  const ratio = pixelRatio();
  const ends = lines
    .filter((line) => line.curve.length > 0)
    .map((line) => {
      const [update, error] = line.curve.at(-1) ?? [0, 1];
      const x = plot.valToPos(update, 'x', true);
      const y = plot.valToPos(100 * error, 'y', true);
      return { line, x, y, label: y };
    })
    .sort((a, b) => a.y - b.y);
  spread(ends, APART * ratio);
  for (const { line, x, y, label } of ends) {
    const { colour, name } = styles[line.kind];
    ctx.save();
    ctx.fillStyle = colourOf(colour);
    ctx.beginPath();
    ctx.arc(x, y, 3.5 * ratio, 0, 2 * Math.PI);
    ctx.fill();
    ctx.strokeStyle = colourOf('--edge');
    ctx.lineWidth = ratio;
    if (Math.abs(label - y) > 4 * ratio) {
      ctx.beginPath();
      ctx.moveTo(x + 5 * ratio, y);
      ctx.lineTo(x + 14 * ratio, label);
      ctx.stroke();
    }
    ctx.restore();
    write(plot, `600 ${font}`, {
      ...{ text: name, x: x + 17 * ratio, y: label + 4 * ratio },
      ...{ colour: colourOf(colour), align: 'left' },
    });
  }
}

interface Placed {
  readonly y: number;
  label: number;
}

/** Names that are too near each other share the room around their middle. */
function spread(ends: readonly Placed[], apart: number): void {
  for (let round = 0; round < 8; round++) {
    ends.forEach((end, i) => {
      const before = ends[i - 1];
      if (!before) return;
      const lacking = apart - (end.label - before.label);
      if (lacking <= 0) return;
      before.label -= lacking / 2;
      end.label += lacking / 2;
    });
  }
}

interface Words {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly colour: string;
  readonly align: CanvasTextAlign;
}

function write({ ctx }: uPlot, font: string, { text, x, y, colour, align }: Words): void {
  const ratio = pixelRatio();
  ctx.save();
  ctx.font = font.replace('12px', `${12 * ratio}px`);
  ctx.textAlign = align;
  ctx.textBaseline = 'alphabetic';
  // A halo in the panel's tone, so that lines do not run through the words.
  ctx.lineWidth = 5 * ratio;
  ctx.lineJoin = 'round';
  ctx.strokeStyle = colourOf('--surface');
  ctx.strokeText(text, x, y);
  ctx.fillStyle = colour;
  ctx.fillText(text, x, y);
  ctx.restore();
}
