import { answerRetrieval } from '@fastweights/datasets';

/** The right digit, where the string is one that the task could have made. */
export function expectedAnswer(text: string): number | undefined {
  try {
    return answerRetrieval(text);
  } catch {
    return undefined;
  }
}
