import { lstmCell } from '@fastweights/baselines';
import { fastWeightsCell, glimpseCell } from '@fastweights/cells';
import { expect, it } from 'vitest';
import { actorCritic, glimpseClassifier, parameterTable, retrievalModel } from '../src/index.ts';

it('counts what each part of a model learns', () => {
  const size = { inputSize: 49, units: 50 };
  const table = parameterTable({
    'fast weights': glimpseClassifier({ cell: glimpseCell(size), classes: 10 }),
    LSTM: glimpseClassifier({ cell: lstmCell(size), classes: 10 }),
    retrieval: retrievalModel({ cell: fastWeightsCell({ inputSize: 100, units: 50 }) }),
    agent: actorCritic({ cell: lstmCell({ inputSize: 8, units: 4 }), observationSize: 16 }),
  });
  expect(table).toEqual([
    { model: 'fast weights', cell: 7550, hidden: 5100, output: 1010, total: 13660 },
    { model: 'LSTM', cell: 20000, hidden: 5100, output: 1010, total: 26110 },
    {
      model: 'retrieval',
      embedding: 1850,
      projection: 5100,
      cell: 7600,
      hidden: 5100,
      output: 1010,
      total: 20660,
    },
    { model: 'agent', hidden: 136, cell: 208, policy: 15, value: 5, total: 364 },
  ]);
});
