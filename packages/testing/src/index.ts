export {
  type AssociativeLstmOracleInputs,
  type AssociativeLstmOracleResult,
  associativeLstmOracle,
} from './associative-lstm-oracle.ts';
export {
  centralDifferences,
  directionalDifference,
  type Evaluation,
  flatten,
  KinkError,
  type Loss,
  type Nested,
  unflatten,
} from './central-differences.ts';
export { type CellUnderTest, describeCell } from './describe-cell.ts';
export { describeKernel, type KernelUnderTest } from './describe-kernel.ts';
export { expectClose, type Tolerance } from './expect-close.ts';
export {
  type FastWeightsOracleInputs,
  type FastWeightsOracleOptions,
  type FastWeightsOracleResult,
  fastWeightsOracle,
} from './fast-weights-oracle.ts';
export { expectNoLeaks } from './leaks.ts';
export { type Combination, pairwise } from './pairwise.ts';
export {
  createProject,
  type ProcessResult,
  type ProjectPackages,
  runModule,
  startModule,
} from './project.ts';
export { mountSmallDisk, NO_SMALL_DISK, type SmallDisk } from './small-disk.ts';
export { sourceArguments, sourceModule } from './source-module.ts';
