import shipped from '../../weights/remember.safetensors.gz?url';
import { type Reading, readText } from '../recall/reading.ts';
import { type RecallFacts, type RecallModel, recallModel } from '../recall/recall-model.ts';
import { type Settling, type SettlingRequest, settleAt } from '../recall/settling.ts';
import { fetchWeights } from './fetch-weights.ts';
import { serve } from './rpc.ts';
import { type BackendReport, type BackendWish, startBackend } from './start-backend.ts';

let started: Promise<BackendReport> | undefined;
let model: Promise<RecallModel> | undefined;

/** The network that was loaded last; until then the one that comes with the page. */
async function current(): Promise<RecallModel> {
  await started;
  model ??= fetchWeights(shipped).then(recallModel);
  return model;
}

const calls = {
  start(wish: BackendWish): Promise<BackendReport> {
    started ??= startBackend(wish);
    return started;
  },

  /** Another network, of the bytes of an exported model; the one before stays where they are none. */
  async load(bytes: Uint8Array): Promise<RecallFacts> {
    await started;
    const next = recallModel(bytes);
    (await model)?.dispose();
    model = Promise.resolve(next);
    return next.facts;
  },

  read: async (text: string): Promise<Reading> => readText(await current(), text),
  settle: async (request: SettlingRequest): Promise<Settling> => settleAt(await current(), request),
};

export type EngineCalls = typeof calls;

serve(calls);
