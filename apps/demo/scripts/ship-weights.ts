import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { readSafetensors, writeSafetensors } from '@fastweights/core';

/** Writes an exported model beside the others of the page, packed; answers how many bytes it takes. */
export async function shipWeights(name: string, bytes: Uint8Array): Promise<number> {
  const file = path.resolve(import.meta.dirname, `../weights/${name}.safetensors.gz`);
  const packed = gzipSync(bytes, { level: 9 });
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, packed);
  return packed.length;
}

/** Eight significant bits of each number are enough, and the zeros after them take no space once compressed. */
export function rounded(stored: Uint8Array): Uint8Array {
  const { tensors } = readSafetensors(stored);
  for (const { values } of tensors.values()) {
    const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
    bits.forEach((number, i) => {
      bits[i] = (number + 0x8000) & 0xffff0000;
    });
  }
  return writeSafetensors(tensors);
}

export const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
