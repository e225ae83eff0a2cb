import { syntheticFaces } from '@fastweights/datasets';
import digits from '../../../weights/look-digits.safetensors.gz?url';
import faces from '../../../weights/look-faces.safetensors.gz?url';
import { fetchWeights } from '../../engine/fetch-weights.ts';
import { serve } from '../../engine/rpc.ts';
import { type BackendReport, type BackendWish, startBackend } from '../../engine/start-backend.ts';
import { type Look, type LookModel, lookModel } from './look-model.ts';

export type Subject = 'digit' | 'face';

export interface LookRequest {
  readonly subject: Subject;
  /** Grey values 0 … 255, row by row. */
  readonly pixels: Uint8Array;
  /** A quarter, from 1, that is wiped from the picture once its first glance is stored; 0 for none. */
  readonly hidden: number;
}

/** A picture as the network saw it. */
export interface Sight extends LookRequest {
  readonly side: number;
  readonly patch: number;
  /** What each glimpse shows, `[24][patch²]`, from 0 to 1. */
  readonly patches: readonly Float32Array[];
  readonly looks: readonly Look[];
}

export interface Face {
  readonly pixels: Uint8Array;
  readonly expression: string;
}

let started: Promise<BackendReport> | undefined;
const models = new Map<Subject, Promise<LookModel>>();

async function modelOf(subject: Subject): Promise<LookModel> {
  await started;
  const found =
    models.get(subject) ?? fetchWeights(subject === 'digit' ? digits : faces).then(lookModel);
  models.set(subject, found);
  return found;
}

async function lookAt(request: LookRequest): Promise<Sight> {
  const { subject, pixels, hidden } = request;
  const model = await modelOf(subject);
  const { patch, side, places } = model.scheme;
  const all = model.scheme.extract(pixels, 1);
  const patches = places.map(({ role, region }, step) => {
    const seen = all.subarray(step * patch ** 2, (step + 1) * patch ** 2);
    if (role !== 'coarse' && region[0] === hidden - 1) seen.fill(0);
    return seen.slice();
  });
  return { ...request, side, patch, patches, looks: await model.look(all) };
}

const [CAMERAS, LIGHTS, FRONTAL] = [3, 20, 7];
/** Neighbouring takes are of one person: a step that shares no factor with most counts. */
const STRIDE = 7;

/** Of people that the network was not trained on: the camera straight ahead, and the light too. */
async function faceOf(number: number): Promise<Face> {
  const { config } = await modelOf('face');
  const { data } = config;
  if (config.task !== 'faces' || !('identities' in data)) throw new Error('These are no faces.');
  const { identities, validationIdentities, testIdentities, seed } = data;
  const { test } = syntheticFaces({ identities, validationIdentities, testIdentities, seed });
  const takes = test.size / (CAMERAS * LIGHTS);
  const index = (((number * STRIDE) % takes) * CAMERAS + 1) * LIGHTS + FRONTAL;
  const { expression } = test.describe(index);
  return { pixels: test.read(Uint32Array.of(index)), expression };
}

const calls = {
  start(wish: BackendWish): Promise<BackendReport> {
    started ??= startBackend(wish);
    return started;
  },
  look: lookAt,
  face: faceOf,
};

export type LookCalls = typeof calls;

serve(calls);
