import {
  centralDifferences,
  type Evaluation,
  fastWeightsOracle,
  type Nested,
  unflatten,
} from '@fastweights/testing';
import { SELF_TEST } from '../src/self-test.ts';
import {
  ANSWERS,
  DECAY_RATE,
  LEARNING_RATE,
  stepLabels,
  stepShapes,
  stepValues,
} from '../src/training-step.ts';

/** The loss and the gradients of the self-test in float64, the gradients by central differences. */
export function selfTestOracle(): Record<string, number[]> {
  const values = stepValues(SELF_TEST);
  const results: Record<string, number[]> = { loss: [evaluate(values).value] };
  for (const [name, own] of Object.entries(values)) {
    const loss = (moved: number[]): Evaluation => evaluate({ ...values, [name]: moved });
    results[name] = centralDifferences(loss, own);
  }
  return results;
}

function evaluate(values: Record<string, number[]>): Evaluation {
  const shapes = stepShapes(SELF_TEST);
  const nested = (name: string): Nested =>
    unflatten(values[name] as number[], zeros(shapes[name] ?? []));
  const { outputs, preActivations } = fastWeightsOracle(
    {
      drive: nested('drive') as number[][][],
      recurrentKernel: nested('recurrentKernel') as number[][],
      gain: nested('gain') as number[],
      bias: nested('bias') as number[],
    },
    {
      decayRate: DECAY_RATE,
      learningRate: LEARNING_RATE,
      innerSteps: 1,
      settling: 'sustained',
      layerNorm: ['inner'],
    },
  );
  const output = nested('output') as number[][];
  const losses = stepLabels(SELF_TEST).map((label, sample) => {
    const h = outputs[sample]?.at(-1) ?? [];
    const logits = Array.from({ length: ANSWERS }, (_, j) =>
      h.reduce((sum, v, i) => sum + v * (output[i]?.[j] as number), 0),
    );
    const total = logits.reduce((sum, v) => sum + Math.exp(v), 0);
    return Math.log(total) - (logits[label] as number);
  });
  return {
    value: losses.reduce((sum, v) => sum + v, 0) / losses.length,
    pattern: preActivations.map((x) => x > 0),
  };
}

function zeros([size, ...rest]: readonly number[]): Nested {
  return size === undefined ? 0 : Array.from({ length: size }, () => zeros(rest));
}
