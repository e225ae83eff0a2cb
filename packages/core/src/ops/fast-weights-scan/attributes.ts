import type { Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Control } from '../../control.ts';

/**
 * Where layer norm stands: `inner`, at every inner step (eq. 5); `preliminary`, on h₀ of a step that reads;
 * `plain`, on a step that does not read.
 */
export type LayerNormPlace = 'inner' | 'preliminary' | 'plain';

/**
 * How the new state settles: `sustained` holds the boundary W h + C x throughout (eq. 2); `free` lets go of it, and
 * the state carries itself, under A + I (appendix B).
 */
export type Settling = 'sustained' | 'free';

/** The two exact forms of the same memory. */
export type MemoryForm = 'attention' | 'matrix';

export type FastWeightsScanInputs = {
  /** C x(t), for all steps: `[batch, time, units]` */
  readonly drive: Tensor3D;
  /** Wᵀ: h · recurrentKernel is the paper's W h. `[units, units]` */
  readonly recurrentKernel: Tensor2D;
  /** In W's place on steps that integrate. */
  readonly integrationKernel?: Tensor2D | undefined;
  /** A slow matrix in A's place: the control experiment with the same depth and no memory. */
  readonly innerKernel?: Tensor2D | undefined;
  /** Layer norm's, `[units]` each; needed where `layerNorm` names a place. */
  readonly gain?: Tensor1D | undefined;
  readonly bias?: Tensor1D | undefined;
  /** h(0) `[batch, units]`, and what is in memory already; what is absent is zero. */
  readonly h?: Tensor2D | undefined;
  readonly A?: Tensor3D | undefined;
  readonly past?: Tensor3D | undefined;
  readonly weights?: Tensor2D | undefined;
};

export type FastWeightsScanAttrs = {
  /** λ */
  readonly decayRate: number;
  /** η */
  readonly learningRate: number;
  /** S */
  readonly innerSteps: number;
  readonly layerNorm: readonly LayerNormPlace[];
  readonly settling: Settling;
  readonly memory: MemoryForm;
  /** The attention form may keep only the last writes. */
  readonly window?: number | undefined;
  /** What each step does; without it, every step reads and writes. */
  readonly control?: Control | undefined;
};
