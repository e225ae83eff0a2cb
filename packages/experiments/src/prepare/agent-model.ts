import { irnnCell } from '@fastweights/baselines';
import { type FastWeightsTrace, fastWeightsCell } from '@fastweights/cells';
import { type Agent, type RecurrentCell, scaledIdentity, splitSeed } from '@fastweights/core';
import { type Tensor3D, type TensorContainerObject, tidy } from '@tensorflow/tfjs-core';
import { type ActorCritic, actorCritic } from '../actor-critic.ts';
import type { AgentModelConfig } from '../config/model-configs.ts';
import { type CellPlace, fastWeightsOptions, plainCell } from './cells.ts';

/** An agent with what its cell does inside, where that is a fast-weights cell. */
export interface TraceableAgent extends Agent {
  /** Of a sequence that has been lived through, from its first frame: `[batch, time, observationSize]`. */
  trace?(observations: Tensor3D): FastWeightsTrace;
}

/** The agent of Figure 5 that a config names. */
export function agentOf(
  model: AgentModelConfig,
  observationSize: number,
  seed: number,
): TraceableAgent {
  const place = { inputSize: model.hidden, seed: splitSeed(seed, 'cell') };
  const own = { observationSize, seed: splitSeed(seed, 'model') };
  if (model.kind !== 'fast-weights') {
    return asAgent(actorCritic({ ...own, cell: rivalCell(model, place) }));
  }
  // All worlds end together, and an episode is shorter than the memory is wide: attention is the cheaper form.
  const cell = fastWeightsCell(fastWeightsOptions(model, place));
  const network = actorCritic({ ...own, cell });
  return {
    ...asAgent(network),
    trace: (observations) => tidy(() => cell.trace(network.cellInputs(observations))),
  };
}

/** Whoever is handed an agent gives it back its own states alone. */
const asAgent = <State extends TensorContainerObject>(network: ActorCritic<State>): Agent =>
  network as unknown as Agent;

type Rival = Exclude<AgentModelConfig, { readonly kind: 'fast-weights' }>;

function rivalCell(model: Rival, place: CellPlace): RecurrentCell<never> {
  if (model.kind !== 'rnn') return plainCell(model as Parameters<typeof plainCell>[0], place);
  const initializers = { recurrentKernel: scaledIdentity(model.recurrentScale) };
  return irnnCell({
    ...place,
    units: model.units,
    initializers,
  }) as unknown as RecurrentCell<never>;
}
