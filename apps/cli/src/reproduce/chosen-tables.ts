import {
  ConfigError,
  editDistance,
  figure5,
  nearest,
  type PaperTable,
  type PlannedRun,
  paperTables,
  planTable,
} from '@fastweights/experiments';
import { printable } from '../printable.ts';
import { UsageError } from '../usage-error.ts';
import type { ReproduceOptions } from './reproduce-options.ts';

/** A table, and what is to be trained of it. */
export interface ChosenTable {
  readonly table: PaperTable;
  readonly plan: readonly PlannedRun[];
  /** All models, sizes and seeds of the table, where the settings are for all of them. */
  readonly whole: readonly PlannedRun[];
}

type Choice = Pick<ReproduceOptions, 'budget' | 'models' | 'units' | 'seeds' | 'set'>;

/** In place of a table's name: all of them. The figure about agents is searched for by itself. */
export const ALL = 'all';

/** All that `reproduce` knows. */
export const experimentNames = (): string[] => [...Object.keys(paperTables), figure5.name, ALL];

export async function chosenTables(experiment: string, choice: Choice): Promise<ChosenTable[]> {
  if (experiment !== ALL) return [await chosen(tableOf(experiment), choice)];
  const tables = Object.values(paperTables);
  const { models, units } = choice;
  const some: ChosenTable[] = [];
  for (const table of tables) {
    const ownModels = models?.filter((name) => table.rows.some(({ model }) => model === name));
    const ownUnits = units?.filter((size) => table.columns.includes(size));
    if (ownModels?.length === 0 || ownUnits?.length === 0) continue;
    const own = {
      ...choice,
      ...(ownModels && { models: ownModels }),
      ...(ownUnits && { units: ownUnits }),
    };
    some.push(await chosen(table, own, `${table.name}: `));
  }
  checkNames(
    'model',
    models,
    tables.flatMap(({ rows }) => rows.map(({ model }) => model)),
  );
  checkNames(
    'size',
    units?.map(String),
    tables.flatMap(({ columns }) => columns.map(String)),
  );
  if (some.length === 0) throw new UsageError('No table has these models in these sizes.');
  return some;
}

/** Of all that were asked for, the names of those that have nothing of what was chosen. */
export function leftOut(experiment: string, chosen: readonly ChosenTable[]): string[] {
  const all = experiment === ALL ? Object.keys(paperTables) : [];
  return all.filter((name) => chosen.every(({ table }) => table.name !== name));
}

function tableOf(experiment: string): PaperTable {
  const table = Object.hasOwn(paperTables, experiment) ? paperTables[experiment] : undefined;
  if (table) return table;
  const names = experimentNames();
  throw new UsageError(
    `unknown experiment '${printable(experiment)}': there are ${names.join(', ')}.${suggestion(experiment, names)}`,
  );
}

/** Only where one name is nearer than all others: table9 may be any table. */
function suggestion(found: string, names: readonly string[]): string {
  const distances = names.map((name) => editDistance(found, name));
  const least = Math.min(...distances);
  const isClear = distances.filter((distance) => distance === least).length === 1;
  const close = isClear ? nearest(found, names) : undefined;
  return close === undefined ? '' : ` Did you mean ${close}?`;
}

function checkNames(
  what: string,
  found: readonly string[] | undefined,
  all: readonly string[],
): void {
  const known = [...new Set(all)];
  const unknown = found?.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new UsageError(
    `no table has the ${what} '${printable(unknown)}': there are ${known.join(', ')}.${suggestion(unknown, known)}`,
  );
}

async function chosen(
  table: PaperTable,
  { budget, models, units, seeds, set: settings = [] }: Choice,
  whose = '',
): Promise<ChosenTable> {
  try {
    const plan = await planTable(table, {
      ...{ budget, settings },
      ...(seeds !== undefined && { seeds }),
      ...(models && { models }),
      ...(units && { units }),
    });
    const whole = await planTable(table, { budget, settings }).catch(() => plan);
    return { table, plan, whole };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new UsageError(whose + error.message, { cause: error });
  }
}
