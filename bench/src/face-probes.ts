import { parseArgs } from 'node:util';
import { useBackend } from '@fastweights/backends';
import { convNet } from '@fastweights/baselines';
import { type Batch, checkInteger, type Model } from '@fastweights/core';
import { multiPieClasses, syntheticFaces } from '@fastweights/datasets';
import { command, parsed, say, tell } from './command.ts';
import {
  AREA,
  imageExamples,
  nuisanceExamples,
  pixelExamples,
  type Sample,
  sample,
} from './face-samples.ts';
import { accuracy, type Examples, layeredProbe, probe } from './probe.ts';

const help = `pnpm --filter @fastweights/bench bench:faces [options]

How hard the synthetic faces are: what is known from the commonest class alone; from light, camera and mean intensity; from
the pixels by a softmax regression; and by a ConvNet. Tested on two sets of people whom training has not seen.

  --seed N       of the faces (default 0)
  --training N   training images (default 20000)
  --test N       images of each test set (default 4000)
  --epochs N     epochs of the ConvNet (default 12)
  --features N   its feature maps (default 96)
  --help         this text
`;

const percents = (shares: readonly number[]): string =>
  shares.map((share) => `${(100 * share).toFixed(1)} %`).join(', ');

function majority({ labels }: Sample): number {
  const counts = new Array<number>(6).fill(0);
  for (const label of labels) counts[label] = (counts[label] as number) + 1;
  return Math.max(...counts) / labels.length;
}

interface Trial<B extends Batch> {
  readonly name: string;
  readonly model: Model<B>;
  readonly examplesOf: (sample: Sample) => Examples;
  readonly learningRate: number;
  readonly epochs: number;
}

/** Trains, and says the accuracies on unseen people: after the last epoch, after the best, and class by class. */
async function report<B extends Batch>(
  { name, model, examplesOf, learningRate, epochs }: Trial<B>,
  learned: Sample,
  unseen: readonly Sample[],
  seed: number,
): Promise<void> {
  let best = unseen.map(() => 0);
  let last: readonly Uint8Array[] = [];
  const accuracies = (label?: number): number[] =>
    unseen.map((set, i) => accuracy(last[i] as Uint8Array, set, label));
  const onEpoch = (epoch: number, answers: readonly Uint8Array[]): void => {
    last = answers;
    best = accuracies().map((found, i) => Math.max(found, best[i] as number));
    tell(`${name}, epoch ${epoch}: ${percents(accuracies())}`);
  };
  const options = { learningRate, epochs, seed, onEpoch };
  await probe(model, examplesOf(learned), unseen.map(examplesOf), options);
  model.dispose();
  say(`${name}: last epoch ${percents(accuracies())}; best ${percents(best)}`);
  multiPieClasses.forEach((expression, label) => {
    say(`  ${expression}: ${percents(accuracies(label))}`);
  });
}

async function run(args: readonly string[]): Promise<void> {
  const { seed, training, test, epochs, features, wantsHelp } = options(args);
  if (wantsHelp) return say(help);
  await useBackend({ prefer: 'wasm' });
  const sets = syntheticFaces({ seed });
  const started = performance.now();
  const learned = await sample(sets.training, training, seed);
  const unseen = [await sample(sets.test, test, seed), await sample(sets.validation, test, seed)];
  tell(`images rendered in ${((performance.now() - started) / 1000).toFixed(0)} s`);
  say(`${training} images learned; ${test} of the test people, ${test} of the validation people`);
  say(`commonest class: ${percents(unseen.map(majority))}`);

  const facts = nuisanceExamples(learned).shape[0] as number;
  const nuisance = {
    name: 'light, camera, mean and spread of intensity',
    model: layeredProbe([facts, 32, 6], seed),
    examplesOf: nuisanceExamples,
    learningRate: 0.001,
    epochs: 20,
  };
  await report(nuisance, learned, unseen, seed);
  const linear = {
    name: 'softmax regression on pixels',
    model: layeredProbe([AREA, 6], seed),
    examplesOf: pixelExamples,
    learningRate: 0.0003,
    epochs: 25,
  };
  await report(linear, learned, unseen, seed);
  const net = {
    name: 'ConvNet',
    model: convNet({ side: 48, patch: 12, stride: 4, layers: 2, features, classes: 6, seed }),
    examplesOf: imageExamples,
    learningRate: 0.001,
    epochs,
  };
  await report(net, learned, unseen, seed);
}

function options(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const known = { seed: text, training: text, test: text, epochs: text, features: text };
  const { values } = parsed(() =>
    parseArgs({ args: [...args], options: { ...known, help: { type: 'boolean', short: 'h' } } }),
  );
  const number = (name: keyof typeof known, otherwise: number, least: number): number => {
    const value = Number(values[name] ?? otherwise);
    checkInteger(`--${name}`, value, least);
    return value;
  };
  return {
    seed: number('seed', 0, 0),
    training: number('training', 20_000, 1),
    test: number('test', 4_000, 1),
    epochs: number('epochs', 12, 1),
    features: number('features', 96, 1),
    wantsHelp: values.help ?? false,
  };
}

await command(run);
