import { figure2 } from './figure2.ts';
import type { PaperTable } from './table.ts';
import { table1 } from './table1.ts';
import { table2 } from './table2.ts';
import { table3 } from './table3.ts';

/** All that is reproduced, by the word for it on a command line. */
export const paperTables: Readonly<Record<string, PaperTable>> = {
  table1,
  figure2,
  table2,
  table3,
};
