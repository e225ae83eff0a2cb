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
  entry('@fastweights/core', '9 kB'),
  entry('@fastweights/core/gradients', '8 kB', 'gradients'),
  entry('@fastweights/cells', '8 kB'),
  entry('@fastweights/baselines', '8 kB'),
  entry('@fastweights/kernels/wasm', '18 kB', 'wasm/index'),
  entry('@fastweights/kernels/webgpu', '18 kB', 'webgpu/index'),
  entry('@fastweights/backends', '18 kB'),
];
