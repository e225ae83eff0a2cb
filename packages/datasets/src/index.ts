export {
  type AssociativeRetrieval,
  type AssociativeRetrievalOptions,
  associativeRetrieval,
  type RetrievalSizes,
} from './associative-retrieval.ts';
export {
  type RetrievalBatch,
  type RetrievalStrings,
  retrievalDataset,
} from './retrieval-dataset.ts';
export {
  answerRetrieval,
  decodeRetrieval,
  encodeRetrieval,
  RetrievalTextError,
  retrievalAlphabet,
  retrievalLength,
} from './retrieval-text.ts';
