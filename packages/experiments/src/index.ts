export {
  type FastWeightsRetrievalModel,
  fastWeightsRetrievalModel,
  type RetrievalConfig,
  type RetrievalResult,
  type RetrievalRun,
  retrievalConfig,
  trainRetrieval,
} from './retrieval.ts';
export {
  type RetrievalModel,
  type RetrievalModelOptions,
  retrievalModel,
} from './retrieval-model.ts';
