import '../packages/testing/src/setup.ts';
import { env, getKernelsForBackend, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import { afterAll, expect, type RunnerTestSuite } from 'vitest';
import { useBackend } from '../packages/backends/src/index.ts';

const trains = (name: string): string[] => [`FastWeights${name}`, `FastWeights${name}Grad`];

/** Which kernels the tests of a package, or of one file, cannot but call. */
const CALLS: readonly (readonly [file: RegExp, kernels: readonly string[]])[] = [
  [/\/core\/test\/fast-weights-scan\./, trains('Scan')],
  [/\/core\/test\/lstm-scan\./, [...trains('LstmScan'), ...trains('LstmLastState')]],
  [
    /\/core\/test\/associative-lstm-scan\./,
    [...trains('AssociativeLstmScan'), ...trains('AssociativeLstmLastState')],
  ],
  [/\/core\/test\/weight-updates\./, ['FastWeightsAdamUpdate', 'FastWeightsRmsPropUpdate']],
  [/\/cells\/test\/fast-weights-cell\./, [...trains('Scan'), 'FastWeightsLastState']],
  [/\/baselines\/test\/lstm-cell\./, [...trains('LstmScan'), 'FastWeightsLstmLastState']],
  [
    /\/baselines\/test\/associative-lstm-cell\./,
    [...trains('AssociativeLstmScan'), ...trains('AssociativeLstmLastState')],
  ],
  [/\/baselines\/test\/(irnn|ln-rnn)-cell\./, [...trains('Scan'), ...trains('LastState')]],
  [/\/trainers\/test\/adam\./, ['FastWeightsAdamUpdate']],
  [/\/trainers\/test\/rms-prop\./, ['FastWeightsRmsPropUpdate']],
  [
    /\/trainers\/test\/supervised\./,
    [...trains('Linear'), ...trains('SoftmaxCrossEntropy'), 'FastWeightsAdamUpdate'],
  ],
  [
    /\/experiments\/test\/retrieval\./,
    [
      ...['LastState', 'Embed', 'Linear', 'SoftmaxCrossEntropy'].flatMap(trains),
      'FastWeightsAdamUpdate',
    ],
  ],
];

/** Makes a backend with fused kernels the one that tests run on; a file that ought to call some and did not fails. */
export async function setUpFused(backendName: 'wasm' | 'cpu'): Promise<void> {
  // Takes for a leak what a forward keeps for its backward; `expectNoLeaks` still counts.
  env().set('IS_TEST', false);
  await useBackend({ prefer: backendName });
  const called = countCalls(backendName);
  // biome-ignore lint/correctness/noEmptyPattern: Vitest wants the fixtures taken apart, also where there are none.
  afterAll(({}, suite) => {
    if (isFiltered(suite)) return;
    for (const [file, kernels] of CALLS) {
      if (!file.test(suite.file.filepath)) continue;
      expect([...called], 'kernels that ran').toEqual(expect.arrayContaining([...kernels]));
    }
  });
}

/** Whether only some of its tests are run: `-t` was given, or there is an `only`. */
const isFiltered = ({ tasks }: RunnerTestSuite): boolean =>
  tasks.some((task) => (task.type === 'suite' ? isFiltered(task) : task.mode === 'skip'));

/** The names of the fused kernels that have run. */
function countCalls(backendName: string): ReadonlySet<string> {
  const called = new Set<string>();
  const fused = getKernelsForBackend(backendName).filter(({ kernelName }) =>
    kernelName.startsWith('FastWeights'),
  );
  for (const kernel of fused) {
    unregisterKernel(kernel.kernelName, backendName);
    registerKernel({
      ...kernel,
      kernelFunc(args) {
        called.add(kernel.kernelName);
        return kernel.kernelFunc(args);
      },
    });
  }
  return called;
}
