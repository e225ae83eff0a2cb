// Vectors at the end of a row: the first `count` lanes are there, from 1 to 3, and whatever follows belongs to somebody
// else.

/** The first numbers from here; the other lanes are 0. */
export function loadPart(address: usize, count: i32): v128 {
  if (count === 1) return v128.load32_zero(address);
  const two = v128.load64_zero(address);
  return count === 2 ? two : v128.load32_lane(address, two, 2, 8);
}

/** Stores the first lanes. */
export function storePart(address: usize, vector: v128, count: i32): void {
  if (count === 1) {
    v128.store32_lane(address, vector, 0);
  } else {
    v128.store64_lane(address, vector, 0);
    if (count === 3) v128.store32_lane(address, vector, 2, 8);
  }
}
