import { readdirSync } from 'node:fs';

import jupyter from '@jupyter/eslint-plugin';
import tseslint from 'typescript-eslint';

/** Open to every feature; everything else below src/ is a feature. */
const SHARED = ['api', 'ui'];
const FEATURES = readdirSync(new URL('./src', import.meta.url), { withFileTypes: true })
  .filter(entry => entry.isDirectory() && !SHARED.includes(entry.name))
  .map(entry => entry.name);

const TYPESCRIPT = ['**/*.{ts,tsx,mts}'];
const REACT = ['react', 'react-dom', 'react-dom/*'];
const DIALOGS = ['Dialog', 'showDialog', 'showErrorMessage', 'InputDialog', 'Notification'];

/** What no file of a feature folder may import: another feature, or a plugin. */
const otherFeatures = feature =>
  FEATURES.filter(other => other !== feature).map(other => ({
    regex: `^\\.\\./(\\.\\./)*${other}(/|$)`,
    message: 'Features meet through tokens and commands only.'
  }));

const PLUGIN = { regex: '/plugin$', message: 'Only index.ts imports plugins.' };

const VIEW = {
  regex: '(^|/)api/(client|request|plugin)$',
  message: 'A view draws its model; only the model asks the client.'
};

const restrict = (patterns, paths = []) => ({
  '@typescript-eslint/no-restricted-imports': ['error', { patterns, paths }]
});

/** The layers of one feature folder: model, views, and the plugin that wires them. */
const layers = feature => [
  { files: [`src/${feature}/**/*.{ts,tsx}`], rules: restrict([...otherFeatures(feature), PLUGIN]) },
  {
    files: [`src/${feature}/**/*.tsx`],
    rules: restrict([...otherFeatures(feature), PLUGIN, VIEW])
  },
  {
    files: [`src/${feature}/**/{model,columns,order}.ts`],
    rules: restrict(
      [
        ...otherFeatures(feature),
        PLUGIN,
        { group: REACT, message: 'A model knows nothing of the screen.' }
      ],
      [
        {
          name: '@jupyterlab/apputils',
          importNames: DIALOGS,
          message: 'A model opens no dialog.'
        }
      ]
    )
  }
];

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
  { files: ['src/api/**/*.ts'], rules: restrict([...otherFeatures(''), PLUGIN]) },
  { files: ['src/ui/**/*.{ts,tsx}'], rules: restrict([...otherFeatures(''), PLUGIN, VIEW]) },
  ...FEATURES.flatMap(layers),
  {
    files: ['src/**/__tests__/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': 'off',
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
