import path from 'node:path';
import {
  type AgentOutcome,
  type AgentRunResult,
  budgetOf,
  ConfigError,
  createFigureReport,
  type FigureOptions,
  type FigureReport,
  figure5,
  figureHtml,
  figureMarkdown,
  type PlannedAgentRun,
  planFigure,
  reproduceInStages,
} from '@fastweights/experiments';
import { version } from '../defaults.ts';
import { exitCodes } from '../exit-codes.ts';
import { type Interruption, listenForSignals } from '../interruption.ts';
import { printable } from '../printable.ts';
import {
  agentIdOf,
  type FigureDisplay,
  figureJsonDisplay,
  figureTextDisplay,
} from '../reproduce/figure-display.ts';
import { type FigureOutcomes, figureOutcomes } from '../reproduce/figure-outcomes.ts';
import { figureKindLines, figureLines, figurePage } from '../reproduce/figure-page.ts';
import { figureProgress, type KindOfRuns } from '../reproduce/figure-progress.ts';
import { type FigureFolder, figureFolder, figureTraining } from '../reproduce/figure-runs.ts';
import { printJson } from '../reproduce/json-display.ts';
import { machineFacts, sessionsOf, sourceCommit } from '../reproduce/machine.ts';
import { amount } from '../reproduce/plan-page.ts';
import { prepareFolders } from '../reproduce/prepare-folders.ts';
import { checkReportFiles, filesIn, writeReport } from '../reproduce/report-files.ts';
import { commandOf, type ReproduceOptions } from '../reproduce/reproduce-options.ts';
import { defaultParallel } from '../reproduce/work-force.ts';
import { roomOf } from '../terminal/frame.ts';
import { printLines } from '../terminal/print-lines.ts';
import { canDraw } from '../training/training-display.ts';
import { turnstile } from '../training-run/turnstile.ts';
import { UsageError } from '../usage-error.ts';

const STOPPING = 'Stopping, and saving …';

/** Searches, trains the seeds of what was found, reports after each run, and answers the exit code. */
export async function reproduceFigureCommand(options: ReproduceOptions): Promise<number> {
  checkOfFigure(options);
  const plan = figureOptionsOf(options);
  const runs = figureFolder(options.out);
  const outcomes = figureOutcomes(figure5, runs);
  const kinds = await kindsOf(plan);
  await showPlan(plan, kinds, outcomes, options);
  if (options.dryRun) return exitCodes.done;

  const folder = path.join(options.out, figure5.name);
  await prepareFolders([options.out, folder]);
  await checkReportFiles(folder);
  const report = await reporter(folder, outcomes, options);
  const parallel = options.parallel ?? defaultParallel(options.workers);
  const progress = figureProgress({ kinds, parallel });
  const display = options.json
    ? figureJsonDisplay(progress)
    : figureTextDisplay(progress, canDraw(process.stdout) && options.plain !== true);
  const interruption = listenForSignals();
  interruption.signal.addEventListener('abort', () => display.notice(STOPPING));
  await goThrough({
    ...{ plan, runs, outcomes, display, report, parallel, interruption },
    options,
  });
  interruption.dispose();
  showEnd(await report.create(), folder, options);

  const own = await outcomes.planned(plan);
  const exitCode = interruption.exitCode();
  if (exitCode !== undefined && own.some(({ status }) => status === 'left')) {
    const command = commandOf(figure5.name, options);
    if (!options.json) console.log(`Stopped; this goes on where it was:\n  ${command}`);
    return exitCode;
  }
  return own.every(({ status }) => status === 'done') ? exitCodes.done : exitCodes.failure;
}

/** @throws UsageError */
function checkOfFigure({ units, backend, software }: ReproduceOptions): void {
  if (units) throw new UsageError('--units is for tables; of figure5: --set units=64.');
  if (software) throw new UsageError('--software is for tables: agents learn on wasm.');
  if (backend === undefined || backend === 'wasm') return;
  throw new UsageError(`--backend ${backend} is for tables: agents learn on wasm.`);
}

function figureOptionsOf(options: ReproduceOptions): FigureOptions {
  const { budget, models, board: boards, trials, seeds, frames, set: settings } = options;
  return {
    budget,
    ...(models && { models }),
    ...(boards && { boards }),
    ...(trials !== undefined && { trials }),
    ...(seeds !== undefined && { seeds }),
    ...(frames !== undefined && { frames }),
    ...(settings && { settings }),
  };
}

/** @throws UsageError */
async function kindsOf(plan: FigureOptions): Promise<KindOfRuns[]> {
  const { seeds } = budgetOf(figure5, plan);
  const search = await planFigure(figure5, plan).catch((error: unknown) => {
    throw error instanceof ConfigError ? new UsageError(error.message, { cause: error }) : error;
  });
  const kinds = new Map<string, KindOfRuns>();
  for (const { board, model, config } of search) {
    const key = `${board} ${model}`;
    const { runs } = kinds.get(key) ?? { runs: seeds };
    kinds.set(key, { board, model, runs: runs + 1, frames: config.training.maxFrames });
  }
  return [...kinds.values()];
}

async function showPlan(
  plan: FigureOptions,
  kinds: readonly KindOfRuns[],
  outcomes: FigureOutcomes,
  { budget, dryRun = false, json = false }: ReproduceOptions,
): Promise<void> {
  const known = await outcomes.planned(plan);
  const { trials, seeds } = budgetOf(figure5, plan);
  if (json) {
    const runs = known.map(({ run, status }) => ({ ...agentIdOf(run), status }));
    printJson({ event: 'plan', experiment: figure5.name, budget, trials, seeds, kinds, runs });
    return;
  }
  const facts = { figure: figure5, budget, kinds, trials, seeds, outcomes: known };
  printLines([
    ...figurePage(facts, process.stdout.isTTY ? roomOf(process.stdout).columns : 100),
    ...(dryRun ? figureKindLines(kinds) : []),
  ]);
}

interface Reporter {
  create(): Promise<FigureReport>;
  /** One after the other; each looks again for what other commands have finished meanwhile. */
  write(): Promise<void>;
}

async function reporter(
  folder: string,
  outcomes: FigureOutcomes,
  options: ReproduceOptions,
): Promise<Reporter> {
  const commit = await sourceCommit();
  const writing = turnstile();
  const plan = figureOptionsOf(options);
  async function create(): Promise<FigureReport> {
    const all = await outcomes.all(plan);
    const directories = all.map((one) =>
      one.status === 'done' ? one.result.directory : undefined,
    );
    return createFigureReport(figure5, all, {
      command: commandOf(figure5.name, options),
      date: new Date().toISOString(),
      software: `fastweights ${version}`,
      ...(commit !== undefined && { commit }),
      machine: machineFacts(await sessionsOf(directories)),
    });
  }
  return {
    create,
    async write() {
      const leave = await writing.enter();
      try {
        await writeReport(folder, { create, html: figureHtml, markdown: figureMarkdown });
      } finally {
        leave();
      }
    },
  };
}

interface Equipment {
  readonly plan: FigureOptions;
  readonly runs: FigureFolder;
  readonly outcomes: FigureOutcomes;
  readonly display: FigureDisplay;
  readonly report: Reporter;
  readonly parallel: number;
  readonly interruption: Interruption;
  readonly options: ReproduceOptions;
}

async function goThrough(equipment: Equipment): Promise<readonly AgentOutcome[]> {
  const { plan, runs, outcomes, display, report, parallel, interruption, options } = equipment;
  const runOne = figureTraining({ runs, workers: options.workers, watcher: display });
  try {
    const ended = await reproduceInStages<PlannedAgentRun, AgentRunResult>(
      (known) => planFigure(figure5, plan, known),
      runOne,
      {
        ...{ store: runs, signal: interruption.signal, parallel },
        async onEvent(event) {
          outcomes.hear(event);
          display.event(event);
          if (event.kind !== 'finished' && event.kind !== 'failed') return;
          // The last one must succeed.
          await report.write().catch((error: Error) => display.note(error.message, event.run));
        },
      },
    );
    await report.write();
    return ended;
  } finally {
    display.close();
  }
}

function showEnd(report: FigureReport, folder: string, { json = false }: ReproduceOptions): void {
  const files = filesIn(folder);
  if (json) {
    printJson({ event: 'report', ...files });
    return;
  }
  const failed = report.runs.filter(({ status }) => status === 'failed').length;
  printLines([
    [''],
    ...figureLines(report),
    ...(failed > 0
      ? [[`${amount(failed, 'run')} failed; each gets another chance the next time.`]]
      : []),
    [''],
    [`Report: ${printable(files.html)}, and the same as .md and .json.`],
  ]);
}
