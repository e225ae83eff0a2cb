// y[i] = table[ids[i]]: ids [rows] of int32, table [size, width], y [rows, width].

/** y; of an id that is none, a row of zeros. */
export function embed(ids: usize, table: usize, y: usize, rows: i32, size: i32, width: i32): void {
  const bytes = (<usize>width) << 2;
  for (let row: usize = 0; row < <usize>rows; row++) {
    const id = load<u32>(ids + (row << 2));
    // Taken as unsigned, a negative id is too large.
    if (id < <u32>size) {
      memory.copy(y + row * bytes, table + id * bytes, bytes);
    } else {
      memory.fill(y + row * bytes, 0, bytes);
    }
  }
}

/** dtable: to each of its rows, the sum of dy over the places where it was taken. */
export function embedGrad(
  ids: usize,
  dy: usize,
  dTable: usize,
  rows: i32,
  size: i32,
  width: i32,
): void {
  const bytes = (<usize>width) << 2;
  memory.fill(dTable, 0, <usize>size * bytes);
  for (let row: usize = 0; row < <usize>rows; row++) {
    const id = load<u32>(ids + (row << 2));
    if (id < <u32>size) addTo(dTable + id * bytes, dy + row * bytes, width);
  }
}

function addTo(sum: usize, from: usize, count: i32): void {
  const bytes = (<usize>count) << 2;
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) {
    v128.store(sum + at, f32x4.add(v128.load(sum + at), v128.load(from + at)));
  }
  for (; at < bytes; at += 4) store<f32>(sum + at, load<f32>(sum + at) + load<f32>(from + at));
}
