// Readers of files, for Node.

export { type FileSourcesOptions, fileSources } from './file-sources.ts';
