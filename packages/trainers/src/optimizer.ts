import {
  checkRange,
  disposeWeights,
  loadWeights,
  type Optimizer,
  readSafetensors,
  saveWeights,
  type Weights,
  WeightsError,
  type WeightUpdate,
  walkWeights,
} from '@fastweights/core';
import {
  clone,
  concat,
  dispose,
  keep,
  type NamedTensorMap,
  type Rank,
  reshape,
  scalar,
  slice,
  type Tensor,
  type Tensor1D,
  tensor1d,
  tidy,
  type Variable,
  variable,
  zeros,
} from '@tensorflow/tfjs-core';
import { numbersLater, numbersNow } from './numbers.ts';
import { rateAt, type Schedule } from './schedule.ts';

/** What an optimiser remembers about every number of every weight; each moment is one flat tensor. */
type Moments<Name extends string> = { readonly [N in Name]: Tensor1D };

export interface OptimizerRule<Name extends string> {
  readonly name: string;
  readonly weights: Weights;
  readonly moments: readonly Name[];
  readonly learningRate: number | Schedule;
  /** One update; `updates` is how many there are with this one. Nothing is changed in place. */
  update(
    weights: readonly WeightUpdate[],
    moments: Moments<Name>,
    at: { readonly updates: number; readonly learningRate: number },
  ): Moments<Name> & { readonly weights: readonly Tensor[] };
}

interface Place {
  readonly weight: Variable;
  readonly offset: number;
}

/** An optimiser with moments that start at zero, all weights in one call. */
export function createOptimizer<Name extends string>(rule: OptimizerRule<Name>): Optimizer {
  const places = new Map<string, Place>();
  let size = 0;
  for (const [path, weight] of walkWeights(rule.weights)) {
    places.set(path, { weight, offset: size });
    size += weight.size;
  }
  const moments = record(rule.moments, () => tidy(() => variable<Rank.R1>(zeros([size]), false)));
  let count = 0;
  /** That of the last update, if it was not the rule's. */
  let given: number | undefined;
  const learningRate = (): number => given ?? rateAt(rule.learningRate, Math.max(count - 1, 0));

  /** Everything that is saved, by the weights' paths: how many updates there were, and the moments. */
  function state(): Weights {
    return {
      updates: tidy(() => variable(scalar(count), false)),
      ...record(rule.moments, (name) =>
        Object.fromEntries(
          [...places].map(([path, { weight, offset }]) => {
            const part = tidy(() =>
              reshape(slice(moments[name], offset, weight.size), weight.shape),
            );
            const own = variable(part, false);
            part.dispose();
            return [path, own];
          }),
        ),
      ),
    };
  }

  return {
    get learningRate() {
      return learningRate();
    },
    apply(gradients: NamedTensorMap, rate?: number) {
      for (const path of Object.keys(gradients)) {
        if (!places.has(path)) throw new WeightsError(path, `${rule.name} has no weight ${path}.`);
      }
      tidy(() => {
        count++;
        given = rate;
        const moved = [...places].filter(([path]) => path in gradients);
        const updates = moved.map(([path, place]) => ({
          ...place,
          gradient: gradients[path] as Tensor,
        }));
        const after = rule.update(updates, moments, {
          updates: count,
          learningRate: learningRate(),
        });
        updates.forEach(({ weight }, i) => {
          weight.assign(after.weights[i] as Tensor);
        });
        for (const name of rule.moments) moments[name].assign(after[name]);
      });
    },
    async save() {
      const saved = state();
      try {
        return await saveWeights(saved);
      } finally {
        disposeWeights(saved);
      }
    },
    load(bytes) {
      const loaded = state();
      try {
        loadWeights(loaded, bytes);
        count = readSafetensors(bytes).tensors.get('updates')?.values[0] ?? 0;
        tidy(() => {
          for (const name of rule.moments) {
            const parts = [...walkWeights(loaded[name] as Weights)].map(([, part]) =>
              reshape<Rank.R1>(part, [part.size]),
            );
            moments[name].assign(concat(parts));
          }
        });
      } finally {
        disposeWeights(loaded);
      }
    },
    snapshot() {
      const kept = record(rule.moments, (name) => keep(clone(moments[name])));
      const before = count;
      return {
        restore() {
          count = before;
          for (const name of rule.moments) tidy(() => moments[name].assign(clone(kept[name])));
        },
        dispose: () => dispose(kept),
      };
    },
    memory: {
      size: rule.moments.length * size,
      get updates() {
        return count;
      },
      set updates(updates) {
        count = updates;
      },
      async read(into) {
        const all = rule.moments.map((name) => moments[name]);
        const numbers = numbersNow(all) ?? (await numbersLater(all));
        numbers.forEach((values, i) => {
          into.set(values as Float32Array, i * size);
        });
      },
      write(numbers) {
        rule.moments.forEach((name, i) => {
          const own = numbers.slice(i * size, (i + 1) * size);
          tidy(() => moments[name].assign(tensor1d(own, 'float32')));
        });
      },
    },
    dispose: () => disposeWeights(moments),
  };
}

export function checkClipNorm(clipNorm: number | undefined): void {
  if (clipNorm !== undefined) checkRange('clipNorm', clipNorm, Number.MIN_VALUE, Number.MAX_VALUE);
}

function record<Name extends string, Value>(
  names: readonly Name[],
  make: (name: Name) => Value,
): { readonly [N in Name]: Value } {
  return Object.fromEntries(names.map((name) => [name, make(name)])) as { [N in Name]: Value };
}
