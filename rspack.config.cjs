/** What the build of the front end does beyond JupyterLab's own, so that little has to be loaded. */

const start = ['lib/index', 'style/index'];
const table = ['table/panel', 'table/model', 'table/compare/tabs'].map(name => `lib/${name}`);
const pages = [
  'component/feature',
  'connection/choosedialog',
  'connection/testdialog',
  'copying/dialog',
  'deploy/feature',
  'endpoints/page/page'
].map(name => `lib/${name}`);

/** Whether a chunk holds one of these modules of ours. */
const holds = (chunkGraph, chunk, names) =>
  chunkGraph.getChunkModules(chunk).some(({ resource }) => {
    const path = resource?.replaceAll('\\', '/') ?? '';
    return names.some(name => path.endsWith(`/${name}.js`));
  });

/**
 * One file for those of our modules that the start of JupyterLab does not need, and of which each
 * chunk that needs them fits. Left alone, every import() would have a file of its own; in one they
 * are compressed better, since they share words, and they come with one request.
 */
const late = (name, priority, fits) => ({
  name,
  priority,
  chunks: 'async',
  minChunks: 1,
  minSize: 0,
  test: (module, { chunkGraph }) =>
    /[\\/](lib|style)[\\/]/.test(module.nameForCondition() ?? '') &&
    chunkGraph
      .getModuleChunks(module)
      .every(chunk => !holds(chunkGraph, chunk, start) && fits(chunkGraph, chunk))
});

/** Short names for modules and for what they export; a build for developers keeps the real ones. */
const shortNames = process.argv.includes('--development')
  ? {}
  : { moduleIds: 'natural', mangleExports: 'size' };

module.exports = {
  optimization: {
    ...shortNames,
    splitChunks: {
      cacheGroups: {
        css: {
          name: 'css',
          priority: 3,
          chunks: 'async',
          minChunks: 2,
          minSize: 0,
          test: /[\\/](css|style)-loader[\\/]/
        },
        table: late('table', 2, (graph, chunk) => holds(graph, chunk, table)),
        charts: late('charts', 2, (graph, chunk) =>
          holds(graph, chunk, ['lib/table/charts/feature'])
        ),
        pages: late('pages', 2, (graph, chunk) => holds(graph, chunk, pages)),
        // Panels and commands, and what tables and pages have in common.
        features: late('features', 1, () => true)
      }
    }
  },
  module: {
    rules: [
      {
        test: /\.css$/,
        enforce: 'pre',
        loader: 'builtin:lightningcss-loader',
        options: { minify: true, targets: 'chrome >= 111, firefox >= 113, safari >= 16.4' }
      }
    ]
  }
};
