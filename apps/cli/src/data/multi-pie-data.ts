import { existsSync } from 'node:fs';
import { FastWeightsError } from '@fastweights/core';
import { type MultiPie, readMultiPie } from '@fastweights/datasets/files';
import { signalExitCodes } from '../exit-codes.ts';
import { listenForSignals } from '../interruption.ts';
import { count } from '../terminal/format.ts';
import { imageFacts } from './image-facts.ts';
import type { LoadedData } from './loaded-data.ts';
import { readingProgress } from './reading-progress.ts';

export interface MultiPieDataOptions {
  readonly root: string;
  readonly landmarks: string;
  readonly cache: string;
  readonly testIdentities: number;
  readonly seed: number;
}

const SAMPLE = 10_000;

/** Ctrl-C while files were read. */
export class InterruptedError extends FastWeightsError {
  readonly exitCode: number;

  constructor(exitCode: number, message: string) {
    super('interrupted', message);
    this.exitCode = exitCode;
  }
}

export async function multiPieData(options: MultiPieDataOptions): Promise<LoadedData> {
  const { root, cache, seed } = options;
  const { training, test, report } = await reading(options);
  const { facts, images } = await imageFacts({ training, test }, { seed, sample: SAMPLE });
  const { files, images: used, leftOut, landmarks, split } = report;
  const { rows, ...oddRows } = landmarks;
  return {
    facts: {
      data: 'multi-pie',
      title: 'CMU Multi-PIE',
      what: 'photographs of faces, from your own copy, aligned by eyes and nose; section 4.3 of the paper.',
      seed,
      ...facts,
      root,
      cache,
      report: { files, images: used, leftOut, landmarks, split },
    },
    notes: [
      `${split.training.length} people to train on, ${split.test.length} to test, drawn with seed ${seed}; nobody is in both.`,
      `The aligned images are in ${cache}.`,
    ],
    leftOut: [
      {
        summary: `${count(used)} of ${count(files)} files below ${root} are images of use`,
        kinds: leftOut,
      },
      { summary: `${count(rows)} rows of landmarks were read`, kinds: oddRows },
    ],
    images,
  };
}

/** An interruption comes out of `onProgress`, so that the reader closes its cache as after any failure. */
async function reading(options: MultiPieDataOptions): Promise<MultiPie> {
  const { root, landmarks, cache, testIdentities, seed } = options;
  const interruption = listenForSignals();
  const progress = readingProgress('Multi-PIE');
  const stopIfAsked = (): void => {
    if (interruption.signal.aborted) throw interrupted(cache, interruption.exitCode());
  };
  try {
    const multiPie = await readMultiPie({
      root,
      landmarks,
      cache,
      testIdentities,
      seed,
      onProgress(reached) {
        stopIfAsked();
        progress.show(reached);
      },
    });
    stopIfAsked();
    return multiPie;
  } catch (error) {
    // Said once the cache is closed, when it is known what is left of it.
    if (error instanceof InterruptedError) stopIfAsked();
    throw error;
  } finally {
    progress.close();
    interruption.dispose();
  }
}

function interrupted(cache: string, exitCode: number = signalExitCodes.SIGINT): InterruptedError {
  const isKept = [cache, `${cache}.partial`].some((folder) => existsSync(folder));
  const then = isKept ? 'the same command goes on where it was' : 'nothing is kept so far';
  return new InterruptedError(exitCode, `Stopped; ${then}.`);
}
