// What packages that keep something on disk share, for Node.

export { appendTo, type GrowingFile } from './append.ts';
export { ifThere, makeFolder, replaceFile, syncFolder, writeAll, writeDurably } from './durable.ts';
export { hashBytes, hashData, hashFile } from './hash.ts';
export { lockFile, lockOwner, unlockFile } from './lock.ts';
