// Readers of files, for Node.

export { type FileSourcesOptions, fileSources, type ImageProgress } from './file-sources.ts';
