// The ConvNet in plain numbers: every output pixel by loops over its receptive field.

export interface Layer {
  /** `[size · size · channels][outputs]`, in the order row, column, channel. */
  readonly kernel: readonly (readonly number[])[];
  readonly bias: readonly number[];
}

/** `[row][column][channel]` */
export type Maps = readonly (readonly (readonly number[])[])[];

/** Which pre-activations are positive, in the order in which they were computed. */
export type Pattern = boolean[];

const at = (maps: Maps, row: number, column: number, channel: number): number =>
  maps[row]?.[column]?.[channel] ?? 0;

function relu(x: number, pattern: Pattern): number {
  pattern.push(x > 0);
  return Math.max(0, x);
}

/** Fields begin every `stride` pixels until one reaches the edge or passes it; beyond it there are zeros. */
export function starts(side: number, size: number, stride: number): number[] {
  const found = [0];
  while ((found.at(-1) as number) + size < side) found.push((found.at(-1) as number) + stride);
  return found;
}

export function oracleConvolution(
  maps: Maps,
  [size, stride]: readonly [size: number, stride: number],
  { kernel, bias }: Layer,
  pattern: Pattern,
): number[][][] {
  const channels = maps[0]?.[0]?.length as number;
  const rows = starts(maps.length, size, stride);
  const columns = starts(maps[0]?.length as number, size, stride);
  return rows.map((top) =>
    columns.map((left) =>
      bias.map((b, feature) => {
        let sum = b;
        for (let y = 0; y < size; y++) {
          for (let x = 0; x < size; x++) {
            for (let c = 0; c < channels; c++) {
              const weight = kernel[(y * size + x) * channels + c]?.[feature] as number;
              sum += weight * at(maps, top + y, left + x, c);
            }
          }
        }
        return relu(sum, pattern);
      }),
    ),
  );
}

export function dense(x: readonly number[], { kernel, bias }: Layer): number[] {
  return bias.map((b, j) => x.reduce((sum, v, i) => sum + v * (kernel[i]?.[j] as number), b));
}

export function denseRelu(x: readonly number[], layer: Layer, pattern: Pattern): number[] {
  return dense(x, layer).map((sum) => relu(sum, pattern));
}

/** −log softmax(scores)[label] */
export function crossEntropy(scores: readonly number[], label: number): number {
  return Math.log(scores.reduce((sum, z) => sum + Math.exp(z), 0)) - (scores[label] as number);
}
