import { readdirSync } from 'node:fs';

import jupyter from '@jupyter/eslint-plugin';
import importX, { createNodeResolver } from 'eslint-plugin-import-x';
import { ExportMap, moduleVisitor } from 'eslint-plugin-import-x/utils';
import tseslint from 'typescript-eslint';

const TYPESCRIPT = ['**/*.{ts,tsx,mts}'];

const namesIn = folder =>
  readdirSync(new URL(`./src/${folder}`, import.meta.url)).filter(name => name !== '__tests__');

/** Open to every feature; every other folder of src/ is a feature. */
const SHARED = ['api', 'ui'];
const FEATURES = namesIn('.').filter(name => !name.includes('.') && !SHARED.includes(name));

/**
 * The rooms of a folder from the top down: each may import only those below it, and what the list
 * does not name. A name with a suffix is a file that stands by itself.
 */
const ROOMS = {
  table: [
    'plugin.ts',
    'feature.ts',
    'tabs.ts',
    'commands', // all that can be done with the table in front
    'panel.ts',
    'compare', // a few rows side by side, in a tab of their own
    'charts', // the charts above a table
    'head', // what stands above the rows, or in their place, and what is read aloud
    'filter', // the filter bar
    'properties', // the pane TABLE PROPERTIES
    'grid', // draws rows and cells; knows no REST
    'views', // saved views: under names, and in .smxview files
    'model.ts',
    'rows', // asks for rows and keeps them; knows no DOM
    'view' // a view as a value, changed by pure functions
  ],
  'table/charts': [
    'host.ts',
    'feature.ts',
    'panel.ts',
    'card.ts',
    'properties.tsx',
    'parts.tsx',
    'words.ts',
    'options.ts',
    'drawing.ts',
    'feed.ts',
    'texts.ts',
    'state.ts',
    'marks' // from answers to marks, and to a Vega-Lite specification
  ],
  experiments: [
    'plugin.ts',
    'feature.ts',
    'commands', // all that can be done with what is selected
    'panel.tsx',
    'browser', // draws the list and its filters
    'options.ts',
    'model.ts',
    'code.ts',
    'rows' // what is listed, sorted and filtered; knows no DOM
  ],
  endpoints: [
    'plugin.ts',
    'feature.ts',
    'commands.ts',
    'panel.tsx',
    'browser.tsx',
    'page', // the tab of one endpoint
    'options.ts',
    'statusitem.tsx',
    'status.tsx',
    'deletion', // endpoints on their way out
    'model.ts'
  ],
  ui: [
    'list', // a list of rows as an accessible grid
    'filters', // filters: their dialog, their chips, and what they mean
    'forms', // dialogs and boxes to fill in
    'pieces', // what every screen is put together from
    'shell', // how we fit into JupyterLab: lazy loading, menus, documents, sidebars
    'words' // values as text, in the user's language
  ]
};

/** Each room of a folder, and what it may not import. */
const floors = ([folder, rooms]) =>
  rooms.map((room, at) => ({
    target: `./src/${folder}/${room}`,
    from: rooms.slice(0, at).map(above => `./src/${folder}/${above}`),
    message: `Imports run down: ${folder}/${room} stands below it (see ROOMS).`
  }));

const VIEW_ROOMS = ['grid', 'head', 'filter', 'properties'].map(room => `./src/table/${room}`);

/** Where imports may not go, by folder. */
const ZONES = [
  ...FEATURES.map(feature => ({
    target: `./src/${feature}`,
    from: FEATURES.filter(other => other !== feature).map(other => `./src/${other}`),
    message: 'Features meet through tokens and commands only.'
  })),
  {
    target: [...SHARED, 'commands.ts', 'tokens.ts'].map(name => `./src/${name}`),
    from: FEATURES.map(feature => `./src/${feature}`),
    message: 'What all features share knows none of them.'
  },
  {
    target: './src/*/**',
    from: './src/*/plugin.ts',
    message: 'Only index.ts imports plugins.'
  },
  {
    target: ['./src/ui', ...VIEW_ROOMS],
    from: './src/api',
    except: ['types.ts', 'errors.ts', 'contract.ts'],
    message: 'A view draws its model; only the model asks the client.'
  },
  {
    target: './src/**/*.tsx',
    from: './src/api/!(types|errors|contract).ts',
    message: 'A view draws its model; only the model asks the client.'
  },
  ...Object.entries(ROOMS).flatMap(floors)
].filter(({ from }) => from.length > 0);

const SCREEN = {
  group: ['react', 'react-dom', 'react-dom/*', '@lumino/widgets'],
  message: 'A model knows nothing of the screen.'
};
const APPLICATION = {
  group: ['@jupyterlab/application'],
  message: 'A table has to be drawn where there is no JupyterLab around it.'
};
const DIALOGS = {
  name: '@jupyterlab/apputils',
  importNames: ['Dialog', 'showDialog', 'showErrorMessage', 'InputDialog', 'Notification'],
  message: 'A model opens no dialog.'
};

const restrict = (patterns, paths = []) => ({
  '@typescript-eslint/no-restricted-imports': ['error', { patterns, paths }]
});

/** As import-x/no-cycle, but that one passes over imports of types, which tie files as well. */
const noCircle = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { circle: 'Imports run in a circle: {{ way }}.' }
  },
  create(context) {
    const start = context.physicalFilename;
    const seen = new Set();
    const name = path => path.replace(/^.*[\\/]src[\\/]/, '');
    return moduleVisitor((source, node) => {
      const first = ExportMap.get(source.value, context);
      const ways = first === null || first === undefined ? [] : [[first]];
      for (const way of ways) {
        const file = way.at(-1);
        if (file.path === start) {
          const files = [start, ...way.map(({ path }) => path)];
          const data = { way: files.map(name).join(' → ') };
          context.report({ node, messageId: 'circle', data });
          return;
        }
        if (!seen.has(file.path)) {
          seen.add(file.path);
          const next = [...file.imports.values()].map(({ getter }) => getter()).filter(Boolean);
          ways.push(...next.map(other => [...way, other]));
        }
      }
    });
  }
};

export default tseslint.config(
  { ignores: ['lib', 'node_modules', '.venv', '.dev', 'smx_lab', 'src/api/contract.ts'] },
  ...tseslint.configs.recommendedTypeChecked.map(config => ({ files: TYPESCRIPT, ...config })),
  { plugins: { jupyter } },
  ...jupyter.configs.recommended,
  {
    rules: {
      // It asks commands without arguments, too, to describe their arguments.
      'jupyter/command-described-by': 'off',
      // It cannot tell what activate() needs at once from what a callback needs later.
      'jupyter/prefer-lazy-imports': 'off'
    }
  },
  {
    files: TYPESCRIPT,
    languageOptions: {
      parserOptions: { project: ['./tsconfig.test.json'], tsconfigRootDir: import.meta.dirname }
    },
    rules: {
      curly: ['error', 'all'],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-alert': 'error',
      'no-restricted-syntax': [
        'error',
        {
          selector:
            "CallExpression[arguments.length=1][callee.object.name='Notification']:not([callee.property.name='dismiss'])",
          message: 'Without autoClose a notification is counted by the bell, and not shown.'
        }
      ],
      'no-console': ['error', { allow: ['warn', 'error'] }],
      'prefer-arrow-callback': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/naming-convention': [
        'error',
        { selector: 'interface', format: ['PascalCase'], prefix: ['I'] },
        { selector: 'typeLike', format: ['PascalCase'] },
        {
          selector: 'memberLike',
          modifiers: ['private'],
          format: ['camelCase'],
          leadingUnderscore: 'require'
        }
      ],
      // Lumino's signals take a method and its `this` as two arguments.
      '@typescript-eslint/unbound-method': 'off',
      // An implementation may answer a promise at once.
      '@typescript-eslint/require-await': 'off',
      // The namespace beside a class that holds its options is JupyterLab's own pattern.
      '@typescript-eslint/no-namespace': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { args: 'none', ignoreRestSiblings: true }],
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { attributes: false } }
      ]
    }
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    plugins: { 'import-x': importX, smx: { rules: { 'no-circle': noCircle } } },
    settings: {
      'import-x/extensions': ['.ts', '.tsx'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] },
      'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.tsx', '.js'] })]
    },
    rules: {
      'smx/no-circle': 'error',
      'import-x/no-restricted-paths': ['error', { zones: ZONES, basePath: import.meta.dirname }]
    }
  },
  { files: ['src/table/grid/**'], rules: restrict([APPLICATION]) },
  {
    files: ['src/**/model.ts', 'src/table/{rows,view}/**', 'src/experiments/rows/**'],
    rules: restrict([SCREEN, APPLICATION], [DIALOGS])
  },
  {
    files: ['src/**/__tests__/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': 'off',
      'import-x/no-restricted-paths': 'off',
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      'jupyter/no-untranslated-string': 'off'
    }
  }
);
