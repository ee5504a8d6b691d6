/** The texts that the copy commands put on the clipboard. */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IConnection } from '../../api/types';
import { CodeStyle, loadingCode } from '../code';
import { browserColumns } from '../browser/columns';
import type { ExperimentsModel } from '../model';

interface ICopyOptions {
  model: ExperimentsModel;
  trans: TranslationBundle;
  locale: string;
}

/** **Copy code**: lines of Python that load the selected rows. */
export function codeOf(
  { model }: ICopyOptions,
  connection: IConnection,
  codeStyle: CodeStyle
): string {
  return loadingCode(model.selectedRows, connection, codeStyle);
}

/** **Copy cell contents**: the focused cell; null in an empty list. */
export function cellOf({ model, trans, locale }: ICopyOptions): string | null {
  const { focusKey, focusColumn } = model.selection;
  const row = model.rows.find(({ key }) => key === focusKey);
  const columns = browserColumns(trans, locale, Date.now());
  return row ? columns[Math.min(focusColumn, columns.length - 1)].copied(row) : null;
}

/** The selected rows with all columns, separated by tabs. */
export function rowsOf({ model, trans, locale }: ICopyOptions): string {
  const columns = browserColumns(trans, locale, Date.now());
  const line = (row: (typeof model.rows)[number]): string =>
    columns.map(column => column.copied(row)).join('\t');
  return model.selectedRows.map(line).join('\n');
}
