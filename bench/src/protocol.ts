// What the bench and its workers say to one another: JSON, one line per message, over stdin and stdout. A worker greets
// first; then every request has one answer, in order. Python's side is peers/protocol.py.

/** A tensor in a message; the values are little-endian, in base64. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly data: string;
}

export interface JobSizes {
  readonly units: number;
  readonly batchSize: number;
  readonly time: number;
  readonly decayRate: number;
  readonly learningRate: number;
  /** Adam's. */
  readonly stepSize: number;
}

export interface Greeting {
  readonly versions: Readonly<Record<string, string>>;
  /** What computes, in words. */
  readonly device: string;
}

export interface Init {
  readonly do: 'init';
  readonly id: string;
  readonly form: string;
  readonly job: JobSizes;
  /** float32, by our paths. */
  readonly weights: Readonly<Record<string, Numbers>>;
  /** int32 `[batches, batch, time]` */
  readonly ids: Numbers;
  /** int32 `[batches, batch]` */
  readonly targets: Numbers;
}

export type Request =
  | Init
  | { readonly do: 'gradients'; readonly id: string; readonly batch: number }
  | { readonly do: 'run'; readonly id: string; readonly steps: number }
  | { readonly do: 'dispose'; readonly id: string };

export interface Answers {
  readonly init: { readonly mode: string };
  readonly gradients: {
    readonly loss: number;
    readonly gradients: Readonly<Record<string, Numbers>>;
  };
  readonly run: { readonly ms: readonly number[] };
  readonly dispose: Readonly<Record<never, never>>;
}

export interface Failure {
  readonly error: string;
}

export function encode(values: Float32Array | Int32Array, shape: readonly number[]): Numbers {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return { shape, data: bytes.toString('base64') };
}

export function decodeFloats({ data }: Numbers): Float32Array {
  return new Float32Array(bytesOf(data));
}

export function decodeIntegers({ data }: Numbers): Int32Array {
  return new Int32Array(bytesOf(data));
}

function bytesOf(data: string): ArrayBuffer {
  return Uint8Array.from(Buffer.from(data, 'base64')).buffer;
}
