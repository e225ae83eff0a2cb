import { readFile } from 'node:fs/promises';
import path from 'node:path';

type Json = Readonly<Record<string, unknown>>;

/** What a finished run leaves in its directory, without the clock: metrics, result and weights. */
export async function whatIsLeft(directory: string): Promise<object> {
  const read = (name: string, encoding: 'utf8' | 'hex'): Promise<string> =>
    readFile(path.join(directory, name), encoding);
  const lines = (await read('metrics.jsonl', 'utf8')).trimEnd().split('\n');
  const metrics = lines.map((line) => {
    const {
      time: _,
      updatesPerSecond: __,
      framesPerSecond: ___,
      ...rest
    } = JSON.parse(line) as Json;
    return rest;
  });
  const { result } = JSON.parse(await read('result.json', 'utf8')) as { result: Json };
  const { seconds: _, sessions: __, ...kept } = result;
  return { metrics, kept, weights: await read('weights.safetensors', 'hex') };
}
