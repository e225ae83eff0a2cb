import type { Program } from './program.ts';

const THREADS = 64;
const MOST_GROUPS = 65535;

export interface Elementwise extends Omit<Program, 'code' | 'workgroups'> {
  readonly elements: number;
  /** WGSL: `compute(i)` does all there is to do for element i. */
  code(): string;
}

/** One thread for each element. */
export function elementwise({ elements, ...program }: Elementwise): Program {
  const groups = Math.ceil(elements / THREADS);
  const x = Math.min(groups, MOST_GROUPS);
  return {
    ...program,
    sizes: { ...program.sizes, elements },
    workgroups: [x, Math.ceil(groups / x)],
    code: () => `${program.code()}\n${main}`,
  };
}

const main = /* wgsl */ `
@compute @workgroup_size(${THREADS})
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let i = (group.y * groups.x + group.x) * ${THREADS}u + lane;
  if (i < u.elements) { compute(i); }
}
`;
