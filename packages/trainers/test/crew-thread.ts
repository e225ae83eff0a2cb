import { runCrewWorker } from '../src/node/index.ts';
import { type CrewTask, crewWork } from './crew-worker.ts';

await runCrewWorker<CrewTask>(crewWork);
