import { describe, expect, it } from 'vitest';
import { heapArena } from '../src/wasm/heap-arena.ts';

/** An allocator like tfjs's: addresses are signed, and one that has no more throws or answers 0. */
function allocator(start = 1000) {
  const given = new Map<number, number>();
  let next = start;
  const own = {
    given,
    most: Number.POSITIVE_INFINITY,
    full: 'throws' as 'throws' | 'zero',
    _malloc(bytes: number): number {
      if (bytes > own.most) {
        if (own.full === 'zero') return 0;
        throw new Error('no more');
      }
      const address = next | 0;
      next += bytes;
      given.set(address >>> 0, bytes);
      return address;
    },
    _free(address: number): void {
      expect(given.delete(address >>> 0), `${address} was given, and not given back yet`).toBe(
        true,
      );
    },
  };
  return own;
}

/** What one call is given for its wishes, one after the other. */
const call = (from: ReturnType<typeof allocator>, ...wishes: number[]): number[] => {
  const arena = heapArena(from);
  return wishes.map((bytes) => arena.reserve(bytes));
};

describe('the room that stays between calls', () => {
  it('is as large as the largest call wanted, aligned, and its parts do not overlap', () => {
    const from = allocator();
    expect(call(from, 100, 200)).toEqual([0, 0]);
    const [a = 0, b = 0] = call(from, 100, 200);
    expect(a % 64).toBe(0);
    expect(b).toBe(a + 128);
    expect(call(from, 10)).toEqual([a]);
    expect(call(from, 1000)).toEqual([0]);
    const [larger = 0] = call(from, 1000);
    expect(larger).toBeGreaterThan(b);
    expect([...from.given.values()]).toEqual([1024 + 64]);
  });

  it('leaves to tfjs what is too large to be kept', () => {
    const from = allocator();
    for (let i = 0; i < 3; i++) expect(call(from, 5 * 2 ** 20)).toEqual([0]);
    expect(from.given.size).toBe(0);
  });

  it('lies beyond 2 GiB as well, where addresses come as negative numbers', () => {
    const from = allocator(2 ** 31 + 64);
    call(from, 100);
    expect(call(from, 100)).toEqual([2 ** 31 + 64]);
    call(from, 1000);
    expect(call(from, 1000)[0]).toBeGreaterThan(2 ** 31);
  });

  it.each(['throws', 'zero'] as const)('is given back once where there is no more (%s)', (full) => {
    const from = allocator();
    call(from, 100);
    call(from, 100);
    call(from, 10_000);
    Object.assign(from, { most: 5000, full });
    for (let i = 0; i < 3; i++) expect(call(from, 100)).toEqual([0]);
    expect(from.given.size).toBe(0);
    from.most = Number.POSITIVE_INFINITY;
    expect(call(from, 10_000)[0]).toBeGreaterThan(0);
    expect(from.given.size).toBe(1);
  });
});
