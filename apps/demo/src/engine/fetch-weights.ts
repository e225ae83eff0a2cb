const GZIP = [0x1f, 0x8b];

/** The bytes of a packed file of weights; a host that knows gzip has had it unpacked by the browser. */
export async function fetchWeights(url: string): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`The weights cannot be loaded: ${response.status}.`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (!GZIP.every((byte, i) => bytes[i] === byte)) return bytes;
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(unpacked).arrayBuffer());
}
