import { expectNoLeaks } from '@fastweights/testing';
import { backend, clone, env, grad, mul, square, tensor1d, zeros } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { useBackend } from '../src/index.ts';

/** Where tfjs's wasm backend has a tensor's numbers. */
interface Heap {
  readonly dataIdMap: { get(id: object): { readonly memoryOffset: number } };
}

describe('a clone on wasm', () => {
  beforeAll(async () => {
    env().set('IS_TEST', false);
    await useBackend({ prefer: 'wasm' });
  });

  const addressOf = (t: { readonly dataId: object }): number =>
    (backend() as unknown as Heap).dataIdMap.get(t.dataId).memoryOffset;

  it.each(['original', 'clone'] as const)('lives on without its %s', async (gone) => {
    await expectNoLeaks(() => {
      const original = tensor1d([1, 2, 3]);
      const copy = clone(original);
      const [first, last] = gone === 'original' ? [original, copy] : [copy, original];
      first.dispose();
      // What the next ones take must not be where the other still is.
      const others = [0, 1, 2].map(() => tensor1d([7, 7, 7]));
      expect([...last.dataSync()]).toEqual([1, 2, 3]);
      const squared = square(last);
      expect([...squared.dataSync()]).toEqual([1, 4, 9]);
      for (const t of [...others, squared, last]) t.dispose();
    });
  });

  it('takes no memory of its own', () => {
    const original = zeros([1000, 1000]);
    const clones = Array.from({ length: 3000 }, () => clone(original));
    expect(new Set(clones.map(addressOf))).toEqual(new Set([addressOf(original)]));
    for (const t of [...clones, original]) t.dispose();
  });

  it('has its own gradient', () => {
    const gradient = grad((x) => mul(clone(x), x))(tensor1d([3, -1]));
    expect([...gradient.dataSync()]).toEqual([6, -2]);
  });
});
