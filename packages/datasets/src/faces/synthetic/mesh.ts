/** A grid of points bent into a surface: row by row from the top, each row from left to right. */
export interface Mesh {
  readonly columns: number;
  readonly rows: number;
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly z: Float32Array;
  readonly normalX: Float32Array;
  readonly normalY: Float32Array;
  readonly normalZ: Float32Array;
  readonly albedo: Float32Array;
  readonly gloss: Float32Array;
  /** Where the points are in the picture, and how near. */
  readonly screenX: Float32Array;
  readonly screenY: Float32Array;
  readonly depth: Float32Array;
}

export function createMesh(columns: number, rows: number): Mesh {
  const numbers = (): Float32Array => new Float32Array(columns * rows);
  return {
    columns,
    rows,
    x: numbers(),
    y: numbers(),
    z: numbers(),
    normalX: numbers(),
    normalY: numbers(),
    normalZ: numbers(),
    albedo: numbers(),
    gloss: numbers(),
    screenX: numbers(),
    screenY: numbers(),
    depth: numbers(),
  };
}

/** Normals from the differences between neighbours. */
export function setNormals(mesh: Mesh): void {
  const { columns, rows, x, y, z, normalX, normalY, normalZ } = mesh;
  for (let row = 0, i = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, i++) {
      const left = column > 0 ? i - 1 : i;
      const right = column < columns - 1 ? i + 1 : i;
      const above = row > 0 ? i - columns : i;
      const below = row < rows - 1 ? i + columns : i;
      const ux = (x[right] as number) - (x[left] as number);
      const uy = (y[right] as number) - (y[left] as number);
      const uz = (z[right] as number) - (z[left] as number);
      const vx = (x[above] as number) - (x[below] as number);
      const vy = (y[above] as number) - (y[below] as number);
      const vz = (z[above] as number) - (z[below] as number);
      const nx = uy * vz - uz * vy;
      const ny = uz * vx - ux * vz;
      const nz = ux * vy - uy * vx;
      const scale = 1 / (Math.sqrt(nx * nx + ny * ny + nz * nz) + 1e-9);
      normalX[i] = nx * scale;
      normalY[i] = ny * scale;
      normalZ[i] = nz * scale;
    }
  }
}
