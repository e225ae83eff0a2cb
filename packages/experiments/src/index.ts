export {
  type Action,
  type ActionSequence,
  type ActorCritic,
  type ActorCriticOptions,
  actorCritic,
} from './actor-critic.ts';
export {
  CONFIG_VERSION,
  type ConfigKind,
  configFields,
  type ExperimentConfig,
  modelNames,
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
  importModel,
  type TrainedModel,
} from './model-file.ts';
export { ModelFileError, type ModelFileProblem } from './model-file-error.ts';
export { type ParameterRow, parameterTable } from './parameter-table.ts';
export type { Experiment, ExperimentData, TraceableModel } from './prepare/experiment.ts';
export type { ImageParts, ImageSources, RenderedImages } from './prepare/image-sources.ts';
export { prepareExperiment } from './prepare/prepare-experiment.ts';
export { restoreExperiment } from './prepare/restore-experiment.ts';
export { type TrainingOptions, trainingOptions } from './prepare/training-options.ts';
export { reportHtml } from './report/html.ts';
export { reportMarkdown } from './report/markdown.ts';
export {
  createReport,
  type Report,
  type ReportedRun,
  type ReportFacts,
  type TableReport,
} from './report/report.ts';
export {
  type ReproduceEvent,
  type ReproduceOptions,
  type RunContext,
  type RunOne,
  type RunOutcome,
  type RunStore,
  reproduce,
} from './reproduce/reproduce.ts';
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
export { type PlannedRun, type PlanOptions, planTable } from './tables/plan.ts';
export { type Budget, budgets, type PaperTable, type TableRow } from './tables/table.ts';
export { paperTables } from './tables/tables.ts';
