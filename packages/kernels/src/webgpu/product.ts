import type { Program } from './program.ts';

/** Threads along each side of a tile. */
const TILE = 16;

/** Σ over k of `[m][k]` · `[k][n]`. */
export interface Extent {
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

export interface Product extends Omit<Program, 'code' | 'workgroups'> {
  /** One for each z: several products, and of several sizes, are one dispatch. */
  readonly extents: readonly Extent[];
  /** So many products of the one extent, instead. */
  readonly copies?: number;
  /**
   * WGSL: `left(z, m, k)` and `right(z, k, n)` answer with the factors, whatever they are made of, and
   * `store(z, m, n, sum)` says where results go.
   */
  code(): string;
}

/** Σ_k left(m, k) right(k, n) as one dispatch: tiles of both factors pass through workgroup memory. */
export function product({ extents, copies, ...program }: Product): Program {
  const sizes: Record<string, number> = { ...program.sizes };
  extents.forEach(({ m, n, k }, z) => {
    sizes[`M${z}`] = m;
    sizes[`N${z}`] = n;
    sizes[`K${z}`] = k;
  });
  const tilesAlong = (side: 'm' | 'n'): number =>
    Math.ceil(Math.max(...extents.map((extent) => extent[side])) / TILE);
  return {
    ...program,
    sizes,
    workgroups: [tilesAlong('n'), tilesAlong('m'), copies ?? extents.length],
    code: () => `${program.code()}\n${extentSource(extents.length)}\n${tiles}`,
  };
}

function extentSource(count: number): string {
  const others = Array.from({ length: count - 1 }, (_, i) => {
    const z = i + 1;
    return `if (z == ${z}u) { return vec3<u32>(u.M${z}, u.N${z}, u.K${z}); }`;
  });
  const body = [...others, 'return vec3<u32>(u.M0, u.N0, u.K0);'].join('\n  ');
  return `fn extent(z: u32) -> vec3<u32> {\n  ${body}\n}`;
}

const tiles = /* wgsl */ `
const TILE = ${TILE}u;
var<workgroup> leftTile: array<array<f32, TILE>, TILE>;
var<workgroup> rightTile: array<array<f32, TILE>, TILE>;

@compute @workgroup_size(TILE, TILE)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let end = extent(group.z);
  if (group.y * TILE >= end.x || group.x * TILE >= end.y) { return; }
  let m = group.y * TILE + local.y;
  let n = group.x * TILE + local.x;
  var sum = 0.0;
  for (var first = 0u; first < end.z; first += TILE) {
    var l = 0.0;
    var r = 0.0;
    if (m < end.x && first + local.x < end.z) { l = left(group.z, m, first + local.x); }
    if (n < end.y && first + local.y < end.z) { r = right(group.z, first + local.y, n); }
    leftTile[local.y][local.x] = l;
    rightTile[local.y][local.x] = r;
    workgroupBarrier();
    for (var k = 0u; k < TILE; k++) { sum += leftTile[local.y][k] * rightTile[k][local.x]; }
    workgroupBarrier();
  }
  if (m < end.x && n < end.y) { store(group.z, m, n, sum); }
}
`;
