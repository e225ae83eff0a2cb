export * from './fast-weights-scan';
