export {
  type Action,
  type ActionSequence,
  type ActorCritic,
  type ActorCriticOptions,
  actorCritic,
} from './actor-critic.ts';
export type { AgentTrainingConfig, CatchData, CatchExperiment } from './config/catch-config.ts';
export {
  type AgentConfig,
  type AgentTaskName,
  type AnyConfig,
  type AnyTaskName,
  agentTaskNames,
  anyTaskNames,
  CONFIG_VERSION,
  type ConfigKind,
  configFields,
  type ExperimentConfig,
  isAgentConfig,
  modelNames,
  parseAgentConfig,
  parseAnyConfig,
  parseConfig,
  sourceNames,
  type TaskName,
  taskNames,
} from './config/config.ts';
export { ConfigError, type ConfigProblem } from './config/config-error.ts';
export { canonicalJson, configHash } from './config/config-hash.ts';
export type { Field } from './config/fields.ts';
export type {
  FacesData,
  FacesExperiment,
  FerData,
  MnistData,
  MnistExperiment,
  MultiPieData,
  SyntheticData,
} from './config/image-configs.ts';
export type {
  AgentModelConfig,
  AgentRectifiedModel,
  AssociativeLstmModel,
  ConvNetModel,
  FastWeightsModel,
  GlimpseFastWeightsModel,
  GlimpseModelConfig,
  LstmModel,
  PatchNetModel,
  RectifiedModel,
  RetrievalModelConfig,
} from './config/model-configs.ts';
export { editDistance, nearest } from './config/nearest.ts';
export type { RetrievalData, RetrievalExperiment } from './config/retrieval-config.ts';
export { applySettings } from './config/settings.ts';
export type { StepSchedule, TrainingConfig } from './config/training-config.ts';
export { type GlimpseClassifierOptions, glimpseClassifier } from './glimpse-classifier.ts';
export {
  type ExportModelOptions,
  exportModel,
  importAgent,
  importModel,
  type TrainedAgent,
  type TrainedModel,
} from './model-file.ts';
export { ModelFileError, type ModelFileProblem } from './model-file-error.ts';
export { type ParameterRow, parameterTable } from './parameter-table.ts';
export type { TraceableAgent } from './prepare/agent-model.ts';
export type { Experiment, ExperimentData, TraceableModel } from './prepare/experiment.ts';
export type { ImageParts, ImageSources, RenderedImages } from './prepare/image-sources.ts';
export {
  type AgentTrainingOptions,
  type PreparedAgent,
  prepareAgent,
} from './prepare/prepare-agent.ts';
export { prepareExperiment } from './prepare/prepare-experiment.ts';
export { restoreAgent } from './prepare/restore-agent.ts';
export { restoreExperiment } from './prepare/restore-experiment.ts';
export { type TrainingOptions, trainingOptions } from './prepare/training-options.ts';
export { figureHtml } from './report/figure-html.ts';
export { figureMarkdown } from './report/figure-markdown.ts';
export { createFigureReport, type FigureReport } from './report/figure-report.ts';
export { reportHtml } from './report/html.ts';
export { reportMarkdown } from './report/markdown.ts';
export {
  createReport,
  type Report,
  type ReportedRun,
  type ReportFacts,
  type TableReport,
} from './report/report.ts';
export type { AgentOutcome, AgentRunResult, RewardPoint } from './reproduce/agent-result.ts';
export {
  type AgentCell,
  type CurveGroup,
  type FailedRun,
  type PaperTiming,
  type RunSummary,
  summariseFigure,
} from './reproduce/figure-summary.ts';
export {
  type ReproduceEvent,
  type ReproduceOptions,
  type RunContext,
  type RunOne,
  type RunOutcome,
  type RunStore,
  reproduce,
} from './reproduce/reproduce.ts';
export { reproduceInStages } from './reproduce/reproduce-in-stages.ts';
export type { BandPoint } from './reproduce/reward-curves.ts';
export type { CurvePoint, RunResult } from './reproduce/run-result.ts';
export { type Cell, type SeedResult, summarise } from './reproduce/summary.ts';
export {
  type FastWeightsRetrievalModel,
  fastWeightsRetrievalModel,
  type RetrievalConfig,
  retrievalConfig,
} from './retrieval.ts';
export {
  type RetrievalModel,
  type RetrievalModelOptions,
  retrievalModel,
} from './retrieval-model.ts';
export type {
  AgentFigure,
  AgentRow,
  Board,
  FigurePlan,
  RewardReading,
} from './tables/agent-figure.ts';
export { figure5 } from './tables/figure5.ts';
export { type PlannedRun, type PlanOptions, planTable } from './tables/plan.ts';
export {
  budgetOf,
  type FigureOptions,
  type PlannedAgentRun,
  planFigure,
} from './tables/plan-figure.ts';
export {
  type DrawnSettings,
  drawSettings,
  type SearchRange,
  type SearchSpace,
} from './tables/search.ts';
export { type Budget, budgets, type PaperTable, type TableRow } from './tables/table.ts';
export { paperTables } from './tables/tables.ts';
