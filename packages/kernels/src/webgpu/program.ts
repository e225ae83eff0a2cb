import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGpuBackend } from './backend.ts';
import type { UniformCache } from './constants.ts';

/** One dispatch. Its code sees each tensor as functions of its name, so that it need not know how they are bound. */
export interface Program {
  /** The same name, tensors' names and uniforms' names mean the same code. */
  readonly name: string;
  /** `name(index)` reads. */
  readonly reads: Readonly<Record<string, TensorInfo>>;
  /** `name(index)` reads and `set_name(index, value)` writes; what is not written keeps what was there. */
  readonly writes: Readonly<Record<string, TensorInfo>>;
  /** `name(index)` reads; i32. Never changed, and the same array again where they are the same numbers: that is uploaded once. */
  readonly tables?: Readonly<Record<string, Int32Array>>;
  /** Fields of `u`: numbers that change without another compilation; u32. */
  readonly sizes?: Readonly<Record<string, number>>;
  /** The same; f32. */
  readonly factors?: Readonly<Record<string, number>>;
  readonly workgroups: readonly [x: number, y?: number, z?: number];
  /** WGSL with the entry point `main`. */
  code(): string;
}

/** A tensor's place: a binding of its own, or an offset (a field of `u`) into one that it shares. */
export interface Place {
  readonly name: string;
  readonly binding: number;
  readonly offset?: string | undefined;
}

export interface Binding {
  readonly access: 'read' | 'read_write';
  readonly type: 'f32' | 'i32';
}

/** How the tensors of a program are bound. */
export interface Bindings {
  readonly places: readonly Place[];
  readonly bindings: readonly Binding[];
  readonly sizes: readonly string[];
  readonly factors: readonly string[];
}

export interface Compiled {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
  readonly uniforms: UniformCache;
  /** What the device had against the code; nothing would be computed, and nobody told. */
  complaint?: string;
}

const compiled = new WeakMap<GPUDevice, Map<string, Compiled>>();

/** A program's pipeline, compiled at its first use on a device. */
export function compile(
  { device }: WebGpuBackend,
  { name, code }: Pick<Program, 'name' | 'code'>,
  bindings: Bindings,
): Compiled {
  let cache = compiled.get(device);
  if (!cache) {
    cache = new Map();
    compiled.set(device, cache);
  }
  const { places, sizes, factors } = bindings;
  const bound = places.map(({ name, binding, offset = '' }) => `${name}:${binding}:${offset}`);
  const key = `${name}|${bound}|${sizes}|${factors}`;
  let result = cache.get(key);
  if (!result) {
    result = compileNow(device, name, `${declarations(bindings)}\n${code()}`, bindings);
    cache.set(key, result);
  }
  if (result.complaint) throw new Error(`the WebGPU kernel ${name}: ${result.complaint}`);
  return result;
}

function compileNow(
  device: GPUDevice,
  label: string,
  code: string,
  { bindings }: Bindings,
): Compiled {
  device.pushErrorScope('validation');
  const storage = bindings.map(({ access }, binding): GPUBindGroupLayoutEntry => {
    const type = access === 'read' ? 'read-only-storage' : 'storage';
    return { binding, visibility: COMPUTE, buffer: { type } };
  });
  const uniforms = { binding: bindings.length, visibility: COMPUTE, buffer: {} };
  const layout = device.createBindGroupLayout({ label, entries: [...storage, uniforms] });
  const pipeline = device.createComputePipeline({
    label,
    layout: device.createPipelineLayout({ label, bindGroupLayouts: [layout] }),
    compute: { module: device.createShaderModule({ label, code }), entryPoint: 'main' },
  });
  const result: Compiled = { pipeline, layout, uniforms: new Map() };
  device.popErrorScope().then(
    (error) => {
      if (error) result.complaint = error.message;
    },
    // The device is lost, which its own promise tells.
    () => {},
  );
  return result;
}

/** GPUShaderStage.COMPUTE, which is not there before WebGPU is. */
const COMPUTE = 4;

function declarations({ places, bindings, sizes, factors }: Bindings): string {
  const storage = bindings.map(
    ({ access, type }, i) =>
      `@group(0) @binding(${i}) var<storage, ${access}> buffer${i}: array<${type}>;`,
  );
  const fields = [...sizes.map((name) => `${name}: u32`), ...factors.map((name) => `${name}: f32`)];
  if (fields.length === 0) fields.push('nothing: u32');
  const accessors = places.map(({ name, binding, offset }) => {
    const { access, type } = bindings[binding] as Binding;
    const at = `buffer${binding}[${offset ? `u.${offset} + ` : ''}i]`;
    const read = `fn ${name}(i: u32) -> ${type} { return ${at}; }`;
    if (access === 'read') return read;
    return `${read}\nfn set_${name}(i: u32, value: ${type}) { ${at} = value; }`;
  });
  return [
    ...storage,
    `struct Uniforms { ${fields.join(', ')} }`,
    `@group(0) @binding(${bindings.length}) var<uniform> u: Uniforms;`,
    ...accessors,
  ].join('\n');
}
