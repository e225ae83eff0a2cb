import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { encodeRetrieval } from '@fastweights/datasets';
import { importModel, restoreExperiment } from '@fastweights/experiments';
import { softmax, type Tensor, tensor2d } from '@tensorflow/tfjs-core';

const file = path.resolve(import.meta.dirname, '../weights/remember.safetensors.gz');

export interface NodeNetwork {
  probabilities(text: string): Promise<number[]>;
  /** η λ^(writes between) ⟨h(τ), h_s⟩ of the last step's first read. */
  attention(text: string): Promise<number[]>;
}

/** The network that the page ships, computed here by the packages, as the command line does it. */
export async function nodeNetwork(): Promise<NodeNetwork> {
  const { model } = restoreExperiment(
    importModel(new Uint8Array(gunzipSync(await readFile(file)))),
  );
  const input = (text: string): Tensor => {
    const ids = [...encodeRetrieval(text)];
    return tensor2d([ids], [1, ids.length], 'int32');
  };
  return {
    probabilities: async (text) => [...(await softmax(model.predict(input(text))).data())],
    attention: async (text) => {
      if (!model.trace) throw new Error('The model has no fast weights.');
      const { attention } = model.trace(input(text));
      const all = [...(await attention.data())];
      return all.slice(-text.length).slice(0, -1);
    },
  };
}
