import type { AgentModelConfig } from '../config/model-configs.ts';
import type { SearchSpace } from './search.ts';
import type { Budget } from './table.ts';

/** A figure of the paper about agents: which boards they play on, what is searched for each, and how much of it. */
export interface AgentFigure {
  /** The word for it on a command line. */
  readonly name: string;
  readonly title: string;
  /** What it shows, in a sentence or two. */
  readonly about: string;
  /** Where the paper's numbers stand. */
  readonly source: string;
  readonly boards: readonly Board[];
  readonly rows: readonly AgentRow[];
  /** The mean reward that agents are timed to. */
  readonly level: number;
  /** The model that the others' frames are compared with. */
  readonly reference: AgentModelConfig['kind'];
  /** How many of the search are averaged, the best ones. */
  readonly best: number;
  /** Of the search. */
  readonly searchSeed: number;
  /** What is searched over for every model; each row may have more. */
  readonly space: SearchSpace;
  /** Settings of every config besides. */
  readonly settings: readonly string[];
  readonly plan: Readonly<Record<Budget, FigurePlan>>;
  /** What departs from the paper, said under the figure. */
  readonly notes: readonly string[];
}

export interface Board {
  /** `16,3`: its word on a command line. */
  readonly name: string;
  /** N: rows and columns of the screen. */
  readonly size: number;
  /** M: frames that are seen. */
  readonly visibleFrames: number;
  /** Whether the paper has it. */
  readonly isOwn?: boolean;
}

export interface AgentRow {
  /** The kind of its model in a config. */
  readonly model: AgentModelConfig['kind'];
  readonly label: string;
  /** What is searched over for this model alone. */
  readonly space?: SearchSpace;
  /** Points of the paper's curves, read off by eye, by the board's name. */
  readonly readOff: Readonly<Record<string, readonly RewardReading[]>>;
}

export interface RewardReading {
  /** In units of the paper's axis, which has no name. */
  readonly x: number;
  readonly meanReward: number;
}

/** What every model gets alike. */
export interface FigurePlan {
  /** Settings that are tried for each model on each board. */
  readonly trials: number;
  /** Seeds of the best one, none of which the search has seen. */
  readonly seeds: number;
  /** Of each run, for each board. */
  readonly frames: readonly number[];
}
