import { readFileSync } from 'node:fs';
import asc from 'assemblyscript/asc';
import { beforeAll, describe, expect, it } from 'vitest';

// The functions of assembly/exp.ts, compiled by themselves: the module has them only inside kernels.

type Name = 'exp' | 'log' | 'sigmoid' | 'tanh';
type AtFour = (address: number) => void;

const NAMES: readonly Name[] = ['exp', 'log', 'sigmoid', 'tanh'];

const memory = new WebAssembly.Memory({ initial: 1 });
let atFour: Record<Name, AtFour>;

beforeAll(async () => {
  const sources: Readonly<Record<string, string>> = {
    'exp.ts': readFileSync(new URL('../assembly/exp.ts', import.meta.url), 'utf8'),
    'index.ts': `
      import { ${NAMES.map((name) => `${name} as ${name}4`).join(', ')} } from './exp';
      ${NAMES.map(
        (name) => `export function ${name}(at: usize): void {
          v128.store(at, ${name}4(v128.load(at)));
        }`,
      ).join('\n')}`,
  };
  let binary: Uint8Array<ArrayBuffer> | undefined;
  const { error, stderr } = await asc.main(
    'index.ts --outFile exp.wasm -O3 --runtime stub --enable simd --importMemory'.split(' '),
    {
      readFile: (name) => sources[name] ?? null,
      listFiles: () => [],
      writeFile(name, data) {
        if (name === 'exp.wasm') binary = data as Uint8Array<ArrayBuffer>;
      },
    },
  );
  if (!binary) throw new Error(stderr.toString(), { cause: error });
  const { instance } = await WebAssembly.instantiate(binary, { env: { memory } });
  atFour = instance.exports as unknown as Record<Name, AtFour>;
});

/** The values of a function at floats. */
function valuesOf(name: Name, xs: readonly number[]): number[] {
  const four = new Float32Array(memory.buffer, 1024, 4);
  const values: number[] = [];
  for (let i = 0; i < xs.length; i += 4) {
    four.set(Array.from({ length: 4 }, (_, lane) => xs[i + lane] ?? 0));
    atFour[name](1024);
    values.push(...four);
  }
  return values.slice(0, xs.length);
}

/** The greatest error, in units of the last bit of a float of the size of what is expected. */
function greatestError(name: Name, xs: readonly number[], truth: (x: number) => number): number {
  const floats = xs.map(Math.fround);
  const errors = valuesOf(name, floats).map((value, i) => {
    const expected = truth(floats[i] as number);
    const exponent = Math.max(Math.floor(Math.log2(Math.abs(expected))), -126);
    return Math.abs(value - expected) / 2 ** (exponent - 23);
  });
  expect(errors.findIndex(Number.isNaN), 'the first value that is NaN').toBe(-1);
  return Math.max(...errors);
}

const between = (low: number, high: number, count = 20_000): number[] =>
  Array.from({ length: count }, (_, i) => low + ((high - low) * (i + 0.5)) / count);

/** Sizes from the smallest floats on to the largest. */
const sizes: readonly number[] = between(-148, 127.9).map((power) => 2 ** power);

describe('exponentials', () => {
  it.each<[Name, readonly number[], (x: number) => number]>([
    ['exp', between(-103, 88.7), Math.exp],
    ['exp', between(-1, 1), Math.exp],
    ['log', sizes, Math.log],
    ['log', between(0.5, 2), Math.log],
    ['sigmoid', between(-87, 87), (x) => 1 / (1 + Math.exp(-x))],
    ['tanh', between(-20, 20), Math.tanh],
    ['tanh', between(-1, 1), Math.tanh],
    ['tanh', sizes, Math.tanh],
  ])('%s', (name, xs, truth) => {
    expect(greatestError(name, xs, truth)).toBeLessThanOrEqual(3);
  });

  it.each<[Name, readonly number[], readonly number[]]>([
    ['exp', [0, -0, 89, Infinity, -104, -Infinity], [1, 1, Infinity, Infinity, 0, 0]],
    ['log', [1, 0, -0, Infinity, -1, -Infinity], [0, -Infinity, -Infinity, Infinity, NaN, NaN]],
    ['sigmoid', [0, 100, Infinity, -100, -Infinity], [0.5, 1, 1, 0, 0]],
    ['tanh', [0, -0, 100, Infinity, -100, -Infinity], [0, -0, 1, 1, -1, -1]],
  ])('%s where it ends', (name, xs, expected) => {
    expect(valuesOf(name, [...xs, Number.NaN])).toEqual([...expected, Number.NaN]);
  });
});
