export {
  type FastWeightsRetrievalModel,
  fastWeightsRetrievalModel,
  type RetrievalConfig,
  type RetrievalResult,
  type RetrievalRun,
  retrievalConfig,
  testRetrieval,
  trainRetrieval,
} from './retrieval.ts';
export {
  type RetrievalModel,
  type RetrievalModelOptions,
  retrievalModel,
} from './retrieval-model.ts';
