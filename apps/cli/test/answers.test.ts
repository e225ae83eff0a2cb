import { answerRetrieval } from '@fastweights/datasets';
import { parseConfig, prepareExperiment, type TraceableModel } from '@fastweights/experiments';
import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { answerLines, attentionBars } from '../src/answer-lines.ts';
import { type Answer, answerAll } from '../src/answers.ts';
import { textOf } from '../src/terminal/line.ts';

const modelOf = (model: object): TraceableModel => prepareExperiment(parseConfig({ model })).model;

describe('answerAll', () => {
  const model = modelOf({ units: 12 });
  const texts = [
    'c9k8j3f1??c',
    'j0a5s5z2??a',
    'b7??b',
    'm7b7x0q3??x',
    'h4e0l2p8w6y1??p',
    'a1b2??a',
  ];
  let answers: Answer[];
  beforeAll(async () => {
    answers = await answerAll(model, texts);
  });

  it('answers strings of several lengths as it answers each alone, in their order', async () => {
    expect(answers.map(({ text }) => text)).toEqual(texts);
    for (const [i, text] of texts.entries()) {
      const [alone] = await answerAll(model, [text]);
      expect(answers[i]?.answer).toBe(alone?.answer);
      expect(answers[i]?.probability).toBeCloseTo(alone?.probability ?? 0, 5);
      expect(answers[i]?.expected).toBe(answerRetrieval(text));
    }
  });

  it('gives the probability of the likeliest digit', () => {
    for (const { answer, probability, probabilities } of answers) {
      expect(probabilities).toHaveLength(10);
      expect(Math.max(...probabilities)).toBe(probability);
      expect(probabilities[answer]).toBe(probability);
      expect(probabilities.reduce((sum, p) => sum + p)).toBeCloseTo(1, 5);
    }
  });

  it('gives the shares of the attention, none to the character that is just read', () => {
    for (const { text, attention } of answers) {
      expect(attention).toHaveLength(text.length);
      expect(attention?.reduce((sum, share) => sum + share)).toBeCloseTo(1, 5);
      expect(attention?.at(-1)).toBe(0);
    }
  });

  it('attends to nothing where there is no inner loop', async () => {
    const plain = modelOf({ units: 4, innerSteps: 0 });
    expect((await answerAll(plain, ['b7??b']))[0]?.attention).toEqual([0, 0, 0, 0, 0]);
    plain.dispose();
  });

  it('has no attention of a network that does not attend', async () => {
    const lstm = modelOf({ kind: 'lstm', units: 4 });
    const [answer] = await answerAll(lstm, ['b7??b']);
    expect(answer).not.toHaveProperty('attention');
    expect(answerLines(answer as Answer)).toHaveLength(1);
    lstm.dispose();
  });

  it('leaves no tensors behind', async () => {
    const before = memory().numTensors;
    await answerAll(model, texts);
    expect(memory().numTensors).toBe(before);
  });
});

describe('answer lines', () => {
  const answer: Answer = {
    text: 'j0a5??a',
    answer: 5,
    expected: 5,
    probability: 0.876,
    probabilities: [],
    attention: [0, 0.1, 0.4, 0.2, 0.05, 0.25, 0],
  };

  it('show the answer, and the attention beneath each character', () => {
    expect(answerLines(answer).map(textOf)).toEqual([
      'j0a5??a → 5 ✓  87.6 % sure',
      ' ▂█▄▁▅   60 % of its attention on a5',
    ]);
  });

  it('are honest about a wrong answer, and about certainty', () => {
    const [line] = answerLines({ ...answer, answer: 3, probability: 0.9999 });
    expect(textOf(line ?? [])).toBe('j0a5??a → 3 ✗  over 99.9 % sure, but it is 5');
  });

  it('say when nothing is attended to', () => {
    const nothing = { ...answer, attention: Array(7).fill(0) };
    expect(attentionBars(nothing)).toBe('       ');
    expect(textOf(answerLines(nothing)[1] ?? [])).toBe(
      '         nothing in its memory answers to the question',
    );
  });
});
