import type { Candidate } from './candidate.ts';
import { cpu } from './candidates/cpu.ts';
import { tensorflow } from './candidates/tensorflow.ts';
import { wasm } from './candidates/wasm.ts';
import { webgpu } from './candidates/webgpu.ts';

/** In the order in which they are tried. */
export const candidates: readonly Candidate[] = [tensorflow, webgpu, wasm, cpu];
