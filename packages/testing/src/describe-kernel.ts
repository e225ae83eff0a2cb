import {
  add,
  getBackend,
  getKernel,
  grads,
  type KernelConfig,
  mul,
  registerKernel,
  sum,
  type Tensor,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectClose, type Tolerance } from './expect-close.ts';

export interface KernelUnderTest {
  /** The forward kernel, and `<kernelName>Grad` where there is one. */
  readonly kernels: readonly KernelConfig[];
  /** Calls of the op, each with the inputs that have a gradient. */
  readonly cases: readonly {
    readonly name: string;
    readonly inputs: readonly Tensor[];
    run(...inputs: Tensor[]): Tensor;
  }[];
  readonly tolerance?: Tolerance;
}

/**
 * A kernel against the reference of its op: values, every gradient, gradients of gradients; and the proof that the
 * kernel is what ran.
 */
export function describeKernel(
  name: string,
  { kernels, cases, tolerance = {} }: KernelUnderTest,
): void {
  const calls = new Map<string, number>();
  const counted = kernels.map(
    (kernel): KernelConfig => ({
      ...kernel,
      kernelFunc: (args) => {
        calls.set(kernel.kernelName, (calls.get(kernel.kernelName) ?? 0) + 1);
        return kernel.kernelFunc(args);
      },
    }),
  );

  describe(`${name} equals its reference`, () => {
    for (const { name: caseName, inputs, run } of cases) {
      const gradients = (): Tensor[] =>
        grads((...args: Tensor[]) => {
          const y = run(...args);
          return sum(mul(y, y));
        })([...inputs]);
      /** The gradient of the squared norm of the gradient: needs the second derivatives. */
      const secondGradients = (): Tensor[] =>
        grads((...args: Tensor[]) => {
          const first = grads((...inner: Tensor[]) => {
            const y = run(...inner);
            return sum(mul(y, y));
          })(args);
          return first.map((g) => sum(mul(g, g))).reduce((a, b) => add(a, b));
        })([...inputs]);

      describe(caseName, () => {
        let expected: { value: Tensor; first: Tensor[]; second: Tensor[] };
        let restore: () => void;
        beforeAll(() => {
          restore = setAside(kernels);
          expected = { value: run(...inputs), first: gradients(), second: secondGradients() };
          for (const kernel of counted) registerKernel(kernel);
          calls.clear();
        });
        afterAll(() => {
          for (const { kernelName, backendName } of kernels)
            unregisterKernel(kernelName, backendName);
          restore();
        });

        it('in value', () => {
          expect(getBackend()).toBe(kernels[0]?.backendName);
          expectClose(run(...inputs), expected.value, tolerance);
          expect(calls.get(kernels[0]?.kernelName ?? ''), 'calls of the kernel').toBe(1);
        });

        it('in every gradient', () => {
          calls.clear();
          gradients().forEach((gradient, i) => {
            expectClose(gradient, expected.first[i] as Tensor, tolerance, `gradient ${i}`);
          });
          // Without a backward kernel, training runs the reference: its forward is needed in any case.
          const expectedCalls = kernels.length > 1 ? 1 : undefined;
          for (const { kernelName } of kernels) {
            expect(calls.get(kernelName), `calls of ${kernelName}`).toBe(expectedCalls);
          }
        });

        it('in second derivatives', () => {
          secondGradients().forEach((gradient, i) => {
            expectClose(gradient, expected.second[i] as Tensor, tolerance, `gradient ${i}`);
          });
        });
      });
    }
  });
}

/** Takes away what is registered for the op of these kernels, forward and backward, until it is restored. */
function setAside([forward]: readonly KernelConfig[]): () => void {
  if (!forward) return () => {};
  const { kernelName, backendName } = forward;
  const registered = [kernelName, `${kernelName}Grad`].flatMap(
    (name) => getKernel(name, backendName) ?? [],
  );
  for (const kernel of registered) unregisterKernel(kernel.kernelName, backendName);
  return () => {
    for (const kernel of registered) registerKernel(kernel);
  };
}
