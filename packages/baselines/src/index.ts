export {
  type AssociativeLstmCell,
  type AssociativeLstmCellOptions,
  type AssociativeLstmCellWeights,
  type AssociativeLstmState,
  associativeLstmCell,
} from './associative-lstm-cell.ts';
export {
  type ConvNet,
  type ConvNetBatch,
  type ConvNetOptions,
  type ConvNetWeights,
  convNet,
} from './conv-net.ts';
export {
  type IrnnCell,
  type IrnnCellOptions,
  type IrnnCellWeights,
  irnnCell,
} from './irnn-cell.ts';
export {
  type LnRnnCell,
  type LnRnnCellOptions,
  type LnRnnCellWeights,
  lnRnnCell,
} from './ln-rnn-cell.ts';
export {
  type LstmCell,
  type LstmCellOptions,
  type LstmCellWeights,
  type LstmState,
  lstmCell,
} from './lstm-cell.ts';
export {
  type PatchJoin,
  type PatchNet,
  type PatchNetBatch,
  type PatchNetOptions,
  type PatchNetWeights,
  patchNet,
} from './patch-net.ts';
export { type PatchesOptions, patches } from './patches.ts';
export type { RectifiedCell, RectifiedState } from './rectified-cell.ts';
