/** What the build of the front end does beyond JupyterLab's own, so that little has to be loaded. */
const shared = { chunks: 'async', minChunks: 2, minSize: 0 };

module.exports = {
  optimization: {
    splitChunks: {
      cacheGroups: {
        // What several features use is in a file of its own, not in each of theirs: apart what
        // draws, which is loaded with the first list or page, and the little that all of them need.
        css: { ...shared, name: 'css', test: /[\\/](css|style)-loader[\\/]/, priority: 3 },
        views: {
          ...shared,
          name: 'views',
          test: /[\\/](lib[\\/]ui[\\/](chip|combobox|filter\w*|list\w*|names|options|states|status|steps)|style[\\/]\w+)\./,
          priority: 2
        },
        shared: { ...shared, name: 'shared', test: /[\\/]lib[\\/]/, priority: 1 }
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
