/** Export formats, file names, and code for the same table. Pure. */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IConnection, IOpenTableRequest, IView } from '../../api/types';
import { pythonText } from '../../ui/words/code';

/** The formats of the menu Export, in its order. */
export const FORMATS = ['csv', 'tsv', 'json', 'markdown', 'latex', 'parquet'] as const;
export type ExportFormat = (typeof FORMATS)[number];

/** Where an export goes. */
export const TARGETS = ['download', 'folder', 'clipboard'] as const;
export type ExportTarget = (typeof TARGETS)[number];

/** The rows to export: all that pass the filters, or the selected ones. */
export const SCOPES = ['all', 'selected'] as const;
export type ExportScope = (typeof SCOPES)[number];

const SUFFIXES: Record<ExportFormat, string> = {
  csv: '.csv',
  tsv: '.tsv',
  json: '.json',
  markdown: '.md',
  latex: '.tex',
  parquet: '.parquet'
};

/** The names of the formats are the same in all languages. */
export function formatWord(format: ExportFormat): string {
  const words = { csv: 'CSV', tsv: 'TSV', json: 'JSON', markdown: 'Markdown', latex: 'LaTeX' };
  return format === 'parquet' ? 'Parquet' : words[format];
}

/** The maximum length of names: file systems allow 255 bytes. */
const MAX_STEM_LENGTH = 80;

/** Return the file name for a table, without suffix: the names in its origin. */
export function fileStem(origin: Required<IOpenTableRequest>): string {
  const names = [...origin.experiments, ...origin.trials];
  const text = [...names, ...(origin.unassigned ? ['unassigned'] : [])].join('_');
  return text.replace(/[^\w.-]+/g, '-').slice(0, MAX_STEM_LENGTH) || 'trial-components';
}

export function fileName(origin: Required<IOpenTableRequest>, format: ExportFormat): string {
  return fileStem(origin) + SUFFIXES[format];
}

/** Return a name that no file in a folder has: `mnist.csv`, `mnist-1.csv`, … */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  const dot = name.lastIndexOf('.');
  let free = name;
  for (let number = 1; taken.has(free); number++) {
    free = `${name.slice(0, dot)}-${number}${name.slice(dot)}`;
  }
  return free;
}

/** Return the label of a submenu of Export. */
export function targetWord(
  target: ExportTarget,
  scope: ExportScope,
  count: number,
  trans: TranslationBundle
): string {
  const isAll = scope === 'all';
  switch (target) {
    case 'download':
      return isAll
        ? trans._n('Download %1 row as', 'Download all %1 rows as', count)
        : count === 0
          ? trans.__('Download selected rows as')
          : trans._n('Download %1 selected row as', 'Download %1 selected rows as', count);
    case 'folder':
      return isAll
        ? trans._n('Save %1 row in the folder as', 'Save all %1 rows in the folder as', count)
        : count === 0
          ? trans.__('Save selected rows in the folder as')
          : trans._n(
              'Save %1 selected row in the folder as',
              'Save %1 selected rows in the folder as',
              count
            );
    case 'clipboard':
      return isAll
        ? trans._n('Copy %1 row as', 'Copy all %1 rows as', count)
        : count === 0
          ? trans.__('Copy selected rows as')
          : trans._n('Copy %1 selected row as', 'Copy %1 selected rows as', count);
  }
}

/** Return lines of Python that load the same table as a data frame. */
export function tableCode(
  connection: Pick<IConnection, 'id'>,
  origin: Required<IOpenTableRequest>,
  view: IView,
  rows: readonly string[] | null
): string {
  const { columns = [], default_statistic: statistic, ...rest } = view;
  const shown = columns.map(column => {
    const { column: id, ...more } = withoutEmpty(column);
    return Object.keys(more).length ? withoutEmpty(column) : (id as string);
  });
  const members: [string, unknown][] = [
    ...origin.experiments.map((name): [string, unknown] => ['', name]),
    ['trials', origin.trials],
    ['unassigned', origin.unassigned],
    ['connection', connection.id],
    ['columns', shown],
    ['default_statistic', statistic === 'Last' ? null : statistic],
    // These members only affect the screen.
    ...Object.entries(rest).filter(([name]) => !['extents', 'expanded', 'baseline'].includes(name)),
    ['rows', rows]
  ];
  const lines = members
    .filter(([name, value]) => (MAY_BE_EMPTY.has(name) ? value !== null : !isNothing(value)))
    .map(([name, value]) => `    ${name && `${name}=`}${python(value, '    ')},`);
  return ['import smx_lab', '', 'table = smx_lab.dataframe(', ...lines, ')', 'table', ''].join(
    '\n'
  );
}

/** An empty list of these means none; an empty list of others means all. */
const MAY_BE_EMPTY: ReadonlySet<string> = new Set(['columns', 'types', 'rows']);

/** Return the members that are not empty. */
function withoutEmpty(part: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(part).filter(([, value]) => !isNothing(value)));
}

function isNothing(value: unknown): boolean {
  return (
    value === null ||
    value === undefined ||
    value === false ||
    (Array.isArray(value) && value.length === 0)
  );
}

/** Return a value as a Python literal, with one line for each item of a list. */
function python(value: unknown, indent: string): string {
  if (Array.isArray(value)) {
    const inner = `${indent}    `;
    const items = value.map(item => `${inner}${python(item, inner)},`);
    return items.length ? ['[', ...items, `${indent}]`].join('\n') : '[]';
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(withoutEmpty(value)).map(
      ([name, item]) => `${pythonText(name)}: ${inline(item)}`
    );
    return `{${members.join(', ')}}`;
  }
  return inline(value);
}

function inline(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(inline).join(', ')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    return python(value, '');
  }
  if (typeof value === 'string') {
    return pythonText(value);
  }
  return typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);
}
