import { env } from '@tensorflow/tfjs-core';
import type { WebGpuBackend } from './backend.ts';
import { tableBuffer, uniformBuffer } from './constants.ts';
import {
  bindEach,
  choosePacking,
  type Group,
  isFloat,
  offsetName,
  pack,
  unpack,
} from './packing.ts';
import { type Binding, type Bindings, compile, type Place, type Program } from './program.ts';
import { bufferOf } from './tensors.ts';

/** Encodes one dispatch after whatever tfjs has encoded so far. */
export function dispatch(backend: WebGpuBackend, program: Program): void {
  const { device } = backend;
  const packing = choosePacking(program, device.limits.maxStorageBuffersPerShaderStage);
  const reads = packing.reads ? pack(backend, program.reads) : bindEach(program.reads);
  const writes = packing.writes ? pack(backend, program.writes) : bindEach(program.writes);
  const sizes = { ...program.sizes, ...reads.offsets, ...writes.offsets };
  const { factors = {}, tables = {} } = program;

  const { pipeline, layout, uniforms } = compile(
    backend,
    program,
    arrange(program, reads, writes, Object.keys(sizes)),
  );
  const tensors = [...reads.tensors, ...writes.tensors];
  for (const { dataId } of tensors) backend.uploadToGPU(dataId);
  const buffers = [
    ...Object.values(tables).map((table) => tableBuffer(backend, table)),
    ...tensors.map((tensor) => bufferOf(backend, tensor)),
    uniformBuffer(backend, uniforms, Object.values(sizes), Object.values(factors)),
  ];
  const bindGroup = device.createBindGroup({
    layout,
    entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
  });
  for (const { dataId } of tensors) backend.commandQueueOwnedIds.add(dataId);

  backend.ensureCommandEncoderReady();
  backend.computePassEncoder ??= (backend.commandEncoder as GPUCommandEncoder).beginComputePass();
  const pass = backend.computePassEncoder;
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, bindGroup);
  const [x, y, z] = program.workgroups;
  pass.dispatchWorkgroups(x, y, z);
  backend.dispatchCountInPass++;

  if (packing.writes) unpack(backend, program.writes, writes);
  for (const scratch of [...reads.scratch, ...writes.scratch]) backend.disposeData(scratch.dataId);
  if (env().getNumber('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE') <= backend.dispatchCountInPass) {
    backend.endComputePassEncoder();
    backend.submitQueue();
  }
}

/** The tables first, then what is read, then what is written. */
function arrange(
  { tables = {}, factors = {} }: Program,
  reads: Group,
  writes: Group,
  sizes: readonly string[],
): Bindings {
  const names = Object.keys(tables);
  const places = (group: Group, first: number): Place[] =>
    Object.entries(group.member).map(([name, member]) => ({
      name,
      binding: first + member,
      offset: offsetName(name) in group.offsets ? offsetName(name) : undefined,
    }));
  const bindings = (group: Group, access: Binding['access']): Binding[] =>
    group.tensors.map((tensor) => ({ access, type: isFloat(tensor) ? 'f32' : 'i32' }));
  return {
    places: [
      ...names.map((name, binding) => ({ name, binding })),
      ...places(reads, names.length),
      ...places(writes, names.length + reads.tensors.length),
    ],
    bindings: [
      ...names.map((): Binding => ({ access: 'read', type: 'i32' })),
      ...bindings(reads, 'read'),
      ...bindings(writes, 'read_write'),
    ],
    sizes,
    factors: Object.keys(factors),
  };
}
