import { type Random, random, splitSeed } from '@fastweights/core';
import { type MultiPieExpression, multiPieExpression } from '../multi-pie/expressions.ts';
import { chance } from './draws.ts';

/** One take of one person: as in Multi-PIE, which face is made follows from session and recording. */
export interface Take {
  readonly person: number;
  readonly session: number;
  readonly recording: number;
  readonly expression: MultiPieExpression;
}

/** Of Multi-PIE's 337 people, so many came to each session (Gross et al. 2010). */
const PEOPLE = 337;
const ATTENDANCE = [249, 203, 230, 239];
const RECORDINGS = 3;

/** Who came to which session is drawn for each person alone; who came to none is taken to have come to the first. */
function sessionsOf(draw: Random): number[] {
  const came = ATTENDANCE.flatMap((count, i) => (chance(draw, count / PEOPLE) ? [i + 1] : []));
  return came.length > 0 ? came : [1];
}

/** All takes of one person, in order. */
export function takesOf(seed: number, person: number): Take[] {
  const takes: Take[] = [];
  for (const session of sessionsOf(random(splitSeed(seed, `sessions of ${person}`)))) {
    for (let recording = 1; recording <= RECORDINGS; recording++) {
      const expression = multiPieExpression(session, recording);
      if (expression) takes.push({ person, session, recording, expression });
    }
  }
  return takes;
}
