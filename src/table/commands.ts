/** The commands of the trial component list; all act on the table in front. */
import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyJSONObject } from '@lumino/coreutils';

import type { Statistic } from '../api/types';
import { CommandIDs } from '../commands';
import type { IConnections } from '../tokens';
import { copyText } from '../ui/clipboard';
import { reasonDataset } from '../ui/menureasons';
import { AGGREGATIONS, IShownColumn } from './columns';
import { FILTER_PALETTE, addFilterCommands } from './filtercommands';
import type { TablePanel } from './panel';
import {
  activeCellText,
  columnValues,
  deployArgs,
  detailsArgs,
  loadingCode,
  selectedTsv,
  whyNotAny,
  whyNotDeploy,
  whyNotOne,
  whyNotStop
} from './rowactions';
import { clearSort, moveBy, setStatistic, setWidth, showColumn, sortBy } from './view';
import { statisticWord } from './words';

export interface ICommandOptions {
  commands: CommandRegistry;
  connections: IConnections;
  trans: TranslationBundle;
  /** The table in front; null without any. */
  table: () => TablePanel | null;
}

type Options = CommandRegistry.ICommandOptions;

/** What one press of a key changes a width by, in CSS pixels. Our choice. */
const WIDTH_STEP = 16;
const NO_ARGS = { type: 'object', properties: {} } as const;

export function addCommands(options: ICommandOptions): void {
  const parts = { ...options, ...helpers(options) };
  addTableCommands(parts);
  addRowCommands(parts);
  addCopyCommands(parts);
  addSortCommands(parts);
  addColumnCommands(parts);
  addFilterCommands(parts);
}

/** Every command of an open table, for the palette. */
export const PALETTE: readonly {
  command: string;
  args?: ReadonlyJSONObject;
}[] = [
  { command: CommandIDs.toggleTableProperties },
  { command: CommandIDs.refreshTable },
  { command: CommandIDs.openTableRow },
  { command: CommandIDs.stopTableRow },
  { command: CommandIDs.copyTableRows },
  { command: CommandIDs.sortTable, args: { descending: false } },
  { command: CommandIDs.sortTable, args: { descending: true } },
  { command: CommandIDs.clearTableSort },
  ...AGGREGATIONS.map(statistic => ({
    command: CommandIDs.aggregateTable,
    args: { statistic, inPalette: true }
  })),
  ...FILTER_PALETTE,
  { command: CommandIDs.hideTableColumn },
  { command: CommandIDs.moveTableColumn, args: { by: -1 } },
  { command: CommandIDs.moveTableColumn, args: { by: 1 } },
  { command: CommandIDs.fitTableColumn },
  { command: CommandIDs.copyTableColumnName },
  { command: CommandIDs.copyTableColumnValues }
];

interface IParts extends ICommandOptions {
  /** A command that is disabled, and says why, while `whyNot` gives a reason. */
  explained: (whyNot: (table: TablePanel) => string | null) => Partial<Options>;
  /** The column of the active cell, and its table. */
  column: () => { table: TablePanel; column: IShownColumn } | null;
  copy: (text: string | Promise<string>) => Promise<void>;
}

function helpers({ table, trans }: ICommandOptions): Omit<IParts, keyof ICommandOptions> {
  return {
    explained: whyNot => {
      const reason = (): string | null => {
        const panel = table();
        return panel ? whyNot(panel) : trans.__('Open a trial component list first');
      };
      return {
        isEnabled: () => reason() === null,
        dataset: () => reasonDataset(reason()),
        caption: () => reason() ?? '',
        describedBy: { args: NO_ARGS }
      };
    },
    column: () => {
      const panel = table();
      const column = panel?.model.shown[panel.grid.activeColumn];
      return panel && column ? { table: panel, column } : null;
    },
    copy: async text => {
      try {
        await copyText(await text);
      } catch (reason) {
        console.warn('smx-lab: nothing was copied.', reason);
        Notification.error(trans.__('Nothing was copied.'), {
          autoClose: 5000
        });
      }
    }
  };
}

function addTableCommands({ commands, table, trans, explained }: IParts): void {
  const any = explained(() => null);
  commands.addCommand(CommandIDs.toggleTableProperties, {
    ...any,
    label: trans.__('Table properties'),
    isToggleable: true,
    isToggled: () => table()?.model.view.propertiesOpen ?? false,
    execute: () => table()?.toggleProperties()
  });
  commands.addCommand(CommandIDs.refreshTable, {
    ...any,
    label: trans.__('Refresh Trial Component List'),
    execute: () => table()?.model.refresh()
  });
  commands.addCommand(CommandIDs.openTableMenu, {
    ...any,
    label: trans.__('Open Context Menu of the Trial Component List'),
    execute: () => table()?.grid.openMenu()
  });
}

function addRowCommands(parts: IParts): void {
  const { commands, connections, table, trans, explained } = parts;
  const whyNot: IConnections['whyNot'] = action => connections.whyNot(action);
  const hasDetails = (): boolean => commands.hasCommand(CommandIDs.openTrialComponent);
  commands.addCommand(CommandIDs.openTableRow, {
    ...explained(({ model }) =>
      model.selection.active.row < 0 ? null : whyNotActive(model, trans)
    ),
    label: trans.__('Open in trial details'),
    isVisible: hasDetails,
    // On a header, Enter means its menu.
    execute: async () => {
      const panel = table();
      const row = panel?.model.rows.row(panel.model.selection.active.row);
      if (panel && row && hasDetails()) {
        await commands.execute(CommandIDs.openTrialComponent, {
          ...detailsArgs(panel.model, row)
        });
      } else if (panel && !row) {
        panel.grid.openMenu();
      }
    }
  });
  commands.addCommand(CommandIDs.deployTableRow, {
    ...explained(({ model }) => whyNotDeploy(model, whyNot, trans)),
    label: trans.__('Deploy model'),
    execute: async () => {
      const panel = table();
      if (panel) {
        const args = deployArgs(panel.model, panel.grid.format, trans);
        await commands.execute(CommandIDs.deployModel, { ...args });
      }
    }
  });
  commands.addCommand(CommandIDs.stopTableRow, {
    ...explained(({ model }) => whyNotStop(model, whyNot, trans)),
    label: trans.__('Stop training job'),
    isVisible: () => commands.hasCommand(CommandIDs.stopTrainingJob),
    execute: async () => {
      const panel = table();
      const trainingJobName = panel?.model.selection.rows[0]?.training_job_name;
      if (panel && trainingJobName) {
        const { connectionId } = panel.model;
        await commands.execute(CommandIDs.stopTrainingJob, {
          connectionId,
          trainingJobName
        });
        await panel.model.refresh();
      }
    }
  });
}

function whyNotActive(model: TablePanel['model'], trans: TranslationBundle): string | null {
  return model.selection.size > 1 ? whyNotOne(model, trans) : null;
}

function addCopyCommands(parts: IParts): void {
  const { commands, connections, table, trans, explained, copy } = parts;
  const any = explained(({ model }) => whyNotAny(model, trans));
  commands.addCommand(CommandIDs.copyTableCell, {
    ...explained(() => null),
    label: trans.__('Copy cell contents'),
    execute: () => copy(activeCellText(table()!.model))
  });
  commands.addCommand(CommandIDs.copyTableRows, {
    ...any,
    label: trans.__('Copy Selected Rows'),
    execute: () => copy(selectedTsv(table()!.model, trans))
  });
  commands.addCommand(CommandIDs.copyTableRowName, {
    ...any,
    label: trans.__('Copy name'),
    execute: () => copy(textOf(table()!, row => row.trial_component_name))
  });
  commands.addCommand(CommandIDs.copyTableRowArn, {
    ...any,
    label: trans.__('Copy ARN'),
    execute: () => copy(textOf(table()!, row => row.trial_component_arn))
  });
  commands.addCommand(CommandIDs.copyTableRowCode, {
    ...any,
    label: trans.__('Copy code'),
    execute: () => {
      const { model } = table()!;
      return copy(loadingCode(model, connections.find(model.connectionId)));
    }
  });
}

type SelectedRow = TablePanel['model']['selection']['rows'][number];

function textOf({ model }: TablePanel, text: (row: SelectedRow) => string): string {
  return model.selection.rows.map(text).join('\n');
}

function addSortCommands({ commands, trans, explained, column }: IParts): void {
  commands.addCommand(CommandIDs.sortTable, {
    ...explained(() => null),
    label: args => (args.descending ? trans.__('Sort descending') : trans.__('Sort ascending')),
    isToggleable: true,
    isToggled: args => {
      const at = column();
      const key = at?.table.model.view.sort.find(other => other.column === at.column.id);
      return key !== undefined && key.descending === Boolean(args.descending);
    },
    describedBy: {
      args: { type: 'object', properties: { descending: { type: 'boolean' } } }
    },
    execute: args => {
      const at = column();
      at?.table.model.update(view => sortBy(view, at.column.id, Boolean(args.descending)));
    }
  });
  commands.addCommand(CommandIDs.clearTableSort, {
    ...explained(({ model, grid }) => {
      const id = model.shown[grid.activeColumn]?.id;
      return model.view.sort.some(key => key.column === id)
        ? null
        : trans.__('The rows are not sorted by this column');
    }),
    label: trans.__('Clear sort'),
    execute: () => {
      const at = column();
      at?.table.model.update(view => clearSort(view, at.column.id));
    }
  });
  commands.addCommand(CommandIDs.aggregateTable, {
    ...explained(({ model, grid }) =>
      model.shown[grid.activeColumn]?.kind === 'metric'
        ? null
        : trans.__('Only metrics have statistics')
    ),
    label: args => {
      const word = statisticWord(args.statistic as Statistic, trans);
      return args.inPalette ? trans.__('Data aggregation: %1', word) : word;
    },
    isToggleable: true,
    isToggled: args => column()?.column.statistic === args.statistic,
    describedBy: {
      args: {
        type: 'object',
        properties: { statistic: { type: 'string', enum: [...AGGREGATIONS] } },
        required: ['statistic']
      }
    },
    execute: args => {
      const at = column();
      at?.table.model.update(view => setStatistic(view, at.column.id, args.statistic as Statistic));
    }
  });
}

function addColumnCommands({ commands, trans, explained, column, copy }: IParts): void {
  const any = explained(() => null);
  commands.addCommand(CommandIDs.hideTableColumn, {
    ...any,
    label: trans.__('Hide'),
    execute: () => {
      const at = column();
      if (at) {
        at.table.grid.leaveColumn();
        at.table.model.update(view => showColumn(view, at.column, false));
      }
    }
  });
  commands.addCommand(CommandIDs.moveTableColumn, {
    ...explained(({ model }) => (model.shown.length > 1 ? null : trans.__('There is one column'))),
    label: args => (Number(args.by) < 0 ? trans.__('Move left') : trans.__('Move right')),
    describedBy: {
      args: {
        type: 'object',
        properties: { by: { type: 'number', enum: [-1, 1] } }
      }
    },
    execute: args => {
      const at = column();
      const by = Number(args.by) < 0 ? -1 : 1;
      at?.table.model.update(view => moveBy(view, at.table.model.columns, at.column.id, by));
      at?.table.grid.revealActive();
    }
  });
  commands.addCommand(CommandIDs.resizeTableColumn, {
    ...any,
    label: args => (Number(args.by) < 0 ? trans.__('Narrow Column') : trans.__('Widen Column')),
    describedBy: {
      args: {
        type: 'object',
        properties: { by: { type: 'number', enum: [-1, 1] } }
      }
    },
    execute: args => {
      const at = column();
      const by = Number(args.by) < 0 ? -WIDTH_STEP : WIDTH_STEP;
      at?.table.model.update(view => setWidth(view, at.column.id, at.column.width + by));
    }
  });
  commands.addCommand(CommandIDs.fitTableColumn, {
    ...any,
    label: trans.__('Fit to contents'),
    execute: () => {
      const at = column();
      at?.table.grid.fitColumn(at.column);
    }
  });
  commands.addCommand(CommandIDs.copyTableColumnName, {
    ...any,
    label: trans.__('Copy name'),
    execute: () => copy(column()?.column.name ?? '')
  });
  commands.addCommand(CommandIDs.copyTableColumnValues, {
    ...any,
    label: trans.__('Copy values'),
    execute: () => {
      const at = column();
      return copy(at ? columnValues(at.table.model, at.column.id) : '');
    }
  });
}
