import { type ExperimentConfig, parseConfig } from '../config/config.ts';
import { ConfigError, checkWord } from '../config/config-error.ts';
import { configHash } from '../config/config-hash.ts';
import { applySettings } from '../config/settings.ts';
import { type Budget, budgets, type PaperTable, type TableRow } from './table.ts';

export interface PlanOptions {
  /** Default `standard`. */
  readonly budget?: Budget;
  /** Kinds of models; default all rows. */
  readonly models?: readonly string[];
  /** Columns; default all. */
  readonly units?: readonly number[];
  /** How many seeds, in place of the budget's number; seeds are 1, 2, … */
  readonly seeds?: number;
  /** As `applySettings` takes them, for every run. */
  readonly settings?: readonly string[];
}

/** One run of a table: a model at a size, from a seed. */
export interface PlannedRun {
  readonly table: string;
  readonly model: string;
  readonly units: number;
  readonly seed: number;
  readonly config: ExperimentConfig;
  readonly hash: string;
}

/**
 * The runs that fill a table, one seed of every cell before the next seed of any: what is there early is a whole table.
 *
 * @throws ConfigError
 */
export async function planTable(
  table: PaperTable,
  options: PlanOptions = {},
): Promise<PlannedRun[]> {
  const { budget = 'standard', models, units, settings = [] } = options;
  checkWord('--budget', budget, budgets);
  const rows = chosenRows(table, models);
  const columns = chosenColumns(table, units);
  const cells = rows.flatMap((row) => columns.map((column) => ({ row, column })));
  const seedsOf = (row: TableRow): number => options.seeds ?? row.plan[budget].seeds;
  const most = Math.max(...rows.map(seedsOf));
  const runs: PlannedRun[] = [];
  for (let seed = 1; seed <= most; seed++) {
    for (const { row, column } of cells) {
      if (seed > seedsOf(row)) continue;
      const config = applySettings(configOf(table, row, column, budget, seed), settings);
      checkPlace(config, { model: row.model, units: column, seed });
      runs.push({
        table: table.name,
        model: row.model,
        units: column,
        seed,
        config,
        hash: await configHash(config),
      });
    }
  }
  return runs;
}

/** A setting changes how a cell is trained, not which one it is. */
function checkPlace(
  { model, seed }: ExperimentConfig,
  place: Pick<PlannedRun, 'model' | 'units' | 'seed'>,
): void {
  const found = { 'model.kind': model.kind, 'model.units': model.units, seed };
  const planned = [place.model, place.units, place.seed];
  const options = ['--models', '--units', '--seeds'];
  Object.entries(found).forEach(([path, value], i) => {
    if (value === planned[i]) return;
    throw new ConfigError('contradiction', {
      path,
      expected: `what the table's cell has, ${planned[i]}`,
      found: String(value),
      cure: `Choose cells with ${options[i]}.`,
    });
  });
}

/** The config of one cell, before anybody changes a setting. */
function configOf(
  table: PaperTable,
  row: TableRow,
  units: number,
  budget: Budget,
  seed: number,
): ExperimentConfig {
  const { task, dataSource: source, dataSettings } = table;
  const plan = row.plan[budget];
  const at = table.columns.indexOf(units);
  const maxUpdates = plan.updates[at] as number;
  return parseConfig({
    task,
    data: { ...dataSettings, ...(source !== undefined && { source }) },
    model: { kind: row.model, units, ...row.settings?.[at] },
    training: {
      maxUpdates,
      validateEvery: Math.max(1, Math.ceil(maxUpdates / VALIDATIONS)),
      stepSize: plan.stepSize[at] as number,
      ...(plan.clipNorm && { clipNorm: plan.clipNorm[at] as number }),
    },
    seed,
  });
}

/** In a run: enough for a curve, and few beside the updates. */
const VALIDATIONS = 60;

function chosenRows(table: PaperTable, models: readonly string[] | undefined): TableRow[] {
  const known = table.rows.map(({ model }) => model);
  for (const model of models ?? []) checkWord(`a model of ${table.name}`, model, known);
  return table.rows.filter(({ model }) => models?.includes(model) ?? true);
}

function chosenColumns(table: PaperTable, units: readonly number[] | undefined): number[] {
  for (const wanted of units ?? []) {
    if (table.columns.includes(wanted)) continue;
    throw new ConfigError('value', {
      path: `${table.columnName} of ${table.name}`,
      expected: `one of ${table.columns.join(', ')}`,
      found: String(wanted),
    });
  }
  return table.columns.filter((column) => units?.includes(column) ?? true);
}
