// What our packages add to a page: minified, brotli, without TensorFlow.js and without the .wasm files.
function entry(name, limit, file = 'index') {
  return {
    name,
    path: `packages/${name.split('/')[1]}/dist/${file}.js`,
    limit,
    ignore: ['@tensorflow/*'],
    // Backends are imported when they are tried, which needs ESM.
    modifyEsbuildConfig: (config) => ({ ...config, format: 'esm' }),
  };
}

export default [
  entry('@fastweights/core', '13 kB'),
  entry('@fastweights/core/gradients', '8 kB', 'gradients'),
  // With what each takes from core.
  entry('@fastweights/cells', '9 kB'),
  entry('@fastweights/baselines', '11 kB'),
  entry('@fastweights/kernels/wasm', '22 kB', 'wasm/index'),
  entry('@fastweights/kernels/webgpu', '13 kB', 'webgpu/index'),
  // With the kernels of all backends, of which a page loads those of the backends that it tries.
  entry('@fastweights/backends', '53 kB'),
];
