import type { Candidate } from './candidate.ts';
import { cpu } from './candidates/cpu.ts';
import { wasm } from './candidates/wasm.ts';
import { webgl } from './candidates/webgl.ts';
import { webgpu } from './candidates/webgpu.ts';

/** In the order in which they are tried. */
export const candidates: readonly Candidate[] = [webgpu, wasm, webgl, cpu];
