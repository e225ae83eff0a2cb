import { permutation, random, splitSeed } from '@fastweights/core';

export interface Rows {
  /** Row after row. */
  readonly values: Float32Array;
  readonly width: number;
  readonly labels: Uint8Array;
}

/** Scores of the classes for a row, into `scores`; the last weight of a class is its bias. */
function score(rows: Rows, row: number, weights: Float32Array, scores: Float64Array): void {
  const { values, width } = rows;
  for (let label = 0; label < scores.length; label++) {
    const from = label * (width + 1);
    let sum = weights[from + width] as number;
    for (let i = 0; i < width; i++) {
      sum += (weights[from + i] as number) * (values[row * width + i] as number);
    }
    scores[label] = sum;
  }
}

/** Scores become probabilities. */
function softmax(scores: Float64Array): void {
  const highest = Math.max(...scores);
  let total = 0;
  for (let label = 0; label < scores.length; label++) {
    scores[label] = Math.exp((scores[label] as number) - highest);
    total += scores[label] as number;
  }
  for (let label = 0; label < scores.length; label++) {
    scores[label] = (scores[label] as number) / total;
  }
}

/** Trains a softmax regression by stochastic gradient descent; gives its best accuracy of all epochs on each other set. */
export function softmaxRegression(
  training: Rows,
  tests: readonly Rows[],
  { classes, epochs, rate }: { classes: number; epochs: number; rate: number },
): number[] {
  const { width, labels, values } = training;
  const weights = new Float32Array(classes * (width + 1));
  const scores = new Float64Array(classes);
  const best = tests.map(() => 0);
  for (let epoch = 0; epoch < epochs; epoch++) {
    const step = rate / (1 + epoch / 2);
    for (const row of permutation(random(splitSeed(1, `epoch ${epoch}`)), labels.length)) {
      score(training, row, weights, scores);
      softmax(scores);
      for (let label = 0; label < classes; label++) {
        const slope = step * (Number(label === labels[row]) - (scores[label] as number));
        const from = label * (width + 1);
        for (let i = 0; i < width; i++) {
          const at = from + i;
          weights[at] = (weights[at] as number) + slope * (values[row * width + i] as number);
        }
        weights[from + width] = (weights[from + width] as number) + slope;
      }
    }
    tests.forEach((test, i) => {
      best[i] = Math.max(best[i] as number, accuracy(test, weights, scores));
    });
  }
  return best;
}

function accuracy(test: Rows, weights: Float32Array, scores: Float64Array): number {
  let right = 0;
  test.labels.forEach((label, row) => {
    score(test, row, weights, scores);
    right += Number(scores.indexOf(Math.max(...scores)) === label);
  });
  return right / test.labels.length;
}
