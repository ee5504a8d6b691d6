/** Exports of the table in front: as a download, to the working folder, to the clipboard. */
import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { MenuSvg } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { Menu } from '@lumino/widgets';

import { SmxError } from '../../api/errors';
import { CommandIDs } from '../../commands';
import type { IConnections } from '../../tokens';
import { copy, copyText } from '../../ui/clipboard';
import { SHORT_MS } from '../../ui/notify';
import { dropDown } from '../../ui/shell/dropdown';
import { explainDisabled, reasonDataset } from '../../ui/shell/menureasons';
import { saveFile } from '../../ui/savefile';
import { noTableReason } from './actions';
import {
  ExportFormat,
  ExportScope,
  ExportTarget,
  FORMATS,
  SCOPES,
  TARGETS,
  fileName,
  formatWord,
  tableCode,
  targetWord
} from './exporting';
import type { IWorkingFolder } from './folder';
import type { TableModel } from '../model';
import { originOf } from '../view/origin';
import type { TablePanel } from '../panel';

interface IExportOptions {
  commands: CommandRegistry;
  connections: IConnections;
  trans: TranslationBundle;
  folder: IWorkingFolder;
  /** The table in front; null without any. */
  table: () => TablePanel | null;
}

interface IExport {
  format: ExportFormat;
  to: ExportTarget;
  rows: ExportScope;
}

/** An export that takes longer than this, in milliseconds, shows a notification. Our choice. */
const SLOW_MS = 700;

const SCOPE_ARG = {
  type: 'string',
  enum: [...SCOPES],
  description: 'All rows that pass the filters (default), or the selected ones.'
};

/** The exports in the palette. The others are in the menu Export. */
export const EXPORT_PALETTE = [
  { command: CommandIDs.openExportMenu },
  ...FORMATS.map(format => ({
    command: CommandIDs.exportTable,
    args: { format, to: 'download', rows: 'all', inPalette: true }
  })),
  { command: CommandIDs.copyTableCode, args: { inPalette: true } }
];

export function addExportCommands(options: IExportOptions): void {
  const { commands, table, trans } = options;
  const noTable = (): string | null => (table() ? null : noTableReason(trans));
  commands.addCommand(CommandIDs.openExportMenu, {
    label: trans.__('Export Trial Component List…'),
    caption: () => noTable() ?? trans.__('Export the rows of the table'),
    isEnabled: () => noTable() === null,
    describedBy: { args: { type: 'object', properties: {} } },
    execute: () => {
      const panel = table();
      const anchor = panel?.head.button('export');
      if (panel && anchor) {
        dropDown(exportMenu(options, panel.model), anchor);
      }
    }
  });
  commands.addCommand(CommandIDs.exportTable, {
    label: args =>
      args.inPalette
        ? trans.__('Download Trial Component List as %1', formatWord(exportOf(args).format))
        : formatWord(exportOf(args).format),
    ...explainDisabled(args => whyNot(options, exportOf(args))),
    describedBy: {
      args: {
        type: 'object',
        properties: {
          format: { type: 'string', enum: [...FORMATS] },
          to: {
            type: 'string',
            enum: [...TARGETS],
            description: 'Downloaded (default), saved in the working folder, or copied.'
          },
          rows: SCOPE_ARG
        },
        required: ['format']
      }
    },
    execute: args => exportTable(options, table()!, exportOf(args))
  });
  addCodeCommand(options, noTable);
}

function addCodeCommand(options: IExportOptions, noTable: () => string | null): void {
  const { commands, connections, table, trans } = options;
  const reason = (rows: unknown): string | null =>
    noTable() ?? (rows === 'selected' ? whyNoRows(table()!.model, 'selected', trans) : null);
  commands.addCommand(CommandIDs.copyTableCode, {
    label: args => {
      if (args.inPalette) {
        return trans.__('Copy Trial Component List as Code');
      }
      return args.rows === 'selected' ? trans.__('Selected rows as code') : trans.__('As code');
    },
    caption: args =>
      reason(args.rows) ?? trans.__('Copy the lines that give the same table as a DataFrame'),
    dataset: args => reasonDataset(reason(args.rows)),
    isEnabled: args => reason(args.rows) === null,
    describedBy: { args: { type: 'object', properties: { rows: SCOPE_ARG } } },
    execute: async args => {
      const { model } = table()!;
      const rows = args.rows === 'selected' ? selectedIds(model) : null;
      const connection = connections.find(model.connectionId) ?? { id: model.connectionId };
      const code = tableCode(connection, originOf(model.origin), model.serverView, rows);
      await copy(code, trans, trans.__('The code was copied.'));
    }
  });
}

function exportOf(args: Record<string, unknown> | object): IExport {
  const { format, to, rows } = args as Partial<IExport>;
  return { format: format ?? 'csv', to: to ?? 'download', rows: rows ?? 'all' };
}

/** Why an export is not possible; null if it is. */
function whyNot({ table, connections, trans }: IExportOptions, asked: IExport): string | null {
  const panel = table();
  if (!panel) {
    return noTableReason(trans);
  }
  if (asked.to === 'clipboard' && asked.format === 'parquet') {
    return trans.__('Parquet is no text: download it, or save it in the folder');
  }
  return connections.whyNoFormat(asked.format) ?? whyNoRows(panel.model, asked.rows, trans);
}

function whyNoRows(
  { rows, selection }: TableModel,
  scope: ExportScope,
  trans: TranslationBundle
): string | null {
  if (scope === 'selected') {
    return selection.size ? null : trans.__('Select a row first');
  }
  return rows.total === null ? trans.__('The table is still being read') : null;
}

function selectedIds({ selection }: TableModel): string[] {
  return selection.rows.map(row => row.id);
}

/** The menu of the button Export. */
function exportMenu({ commands, trans }: IExportOptions, model: TableModel): Menu {
  const menu = new MenuSvg({ commands });
  menu.addClass('smx-ExportMenu');
  for (const rows of SCOPES) {
    const count = rows === 'all' ? (model.rows.groups ?? model.rows.passed) : model.selection.size;
    for (const to of TARGETS) {
      const submenu = new MenuSvg({ commands });
      submenu.title.label = targetWord(to, rows, count, trans);
      for (const format of FORMATS) {
        submenu.addItem({ command: CommandIDs.exportTable, args: { format, to, rows } });
      }
      menu.addItem({ type: 'submenu', submenu });
    }
    menu.addItem({ command: CommandIDs.copyTableCode, args: { rows } });
    menu.addItem({ type: 'separator' });
  }
  return menu;
}

async function exportTable(
  options: IExportOptions,
  { model }: TablePanel,
  { format, to, rows }: IExport
): Promise<void> {
  const { trans, folder } = options;
  const ids = rows === 'selected' ? selectedIds(model) : null;
  const abort = new AbortController();
  const progress = tellLater(trans, abort);
  const name = fileName(originOf(model.origin), format);
  try {
    const file = model.export(format, ids, abort.signal);
    if (to === 'clipboard') {
      await copyText(file.then(blob => blob.text()));
      progress.end(trans.__('%1 was copied.', formatWord(format)));
    } else if (to === 'download') {
      saveFile(await file, name);
      progress.end(trans.__('%1 was downloaded.', name));
    } else {
      const path = await folder.save(name, await file, format === 'parquet');
      progress.end(trans.__('Saved as %1.', path), {
        label: trans.__('Open'),
        callback: () => void options.commands.execute('docmanager:open', { path })
      });
    }
  } catch (reason) {
    progress.fail(SmxError.from(reason));
  }
}

interface IProgress {
  end(message: string, action?: Notification.IAction): void;
  fail(error: SmxError): void;
}

/** Notify of work that takes long, with a button to stop it, and of its end. */
function tellLater(trans: TranslationBundle, abort: AbortController): IProgress {
  let shown: string | null = null;
  const timer = setTimeout(() => {
    shown = Notification.emit(trans.__('Exporting…'), 'in-progress', {
      autoClose: false,
      actions: [{ label: trans.__('Stop'), callback: () => abort.abort() }]
    });
  }, SLOW_MS);
  const done = (): void => {
    clearTimeout(timer);
    if (shown !== null) {
      Notification.dismiss(shown);
    }
  };
  return {
    end: (message, action) => {
      done();
      Notification.success(message, { autoClose: SHORT_MS, actions: action ? [action] : [] });
    },
    fail: error => {
      done();
      if (error.code !== 'cancelled') {
        Notification.error(trans.__('Nothing was exported. %1', error.message), {
          autoClose: false
        });
      }
    }
  };
}
