import { dispatch } from '../dispatch.ts';
import { required, type Work } from '../kernel.ts';
import { uninitialised } from '../tensors.ts';
import { workgroupPerSample } from '../workgroups.ts';
import { forwardSource } from './forward-shader.ts';
import { keptShape, scanCall, variantKey } from './scan-call.ts';

export const scan: Work = (backend, inputs, attrs) => {
  const call = scanCall(inputs, attrs);
  const { batchSize, plan, variant, sizes, factors } = call;
  const drive = required(inputs, 'drive');
  const keep = attrs['keep'] === true;
  const y = uninitialised(backend, drive.shape);
  const results = keep ? [y, uninitialised(backend, keptShape(call))] : [y];
  const [, kept] = results;
  const state = variant.hasState ? { h: required(inputs, 'h') } : {};
  dispatch(backend, {
    name: `FastWeightsScan ${variantKey(variant)} ${keep}`,
    tables: { plan: plan.numbers },
    reads: { drive, ...state, ...call.reads },
    writes: { y, ...(kept && { kept }) },
    sizes,
    factors,
    workgroups: workgroupPerSample(batchSize),
    code: () => forwardSource(variant, keep),
  });
  return results;
};
