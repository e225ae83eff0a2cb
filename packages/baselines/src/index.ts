export {
  type LstmCell,
  type LstmCellOptions,
  type LstmCellWeights,
  type LstmState,
  lstmCell,
} from './lstm-cell.ts';
