/** The commands of the trial component list; all act on the table in front. */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyJSONObject } from '@lumino/coreutils';

import { CommandIDs } from '../../commands';
import type { IConnections } from '../../tokens';
import { copy } from '../../ui/clipboard';
import { explainDisabled } from '../../ui/shell/menureasons';
import { CHART_PALETTE, addChartCommands } from './charts';
import { addColumnCommands, addContentCommands, addSortCommands } from './columns';
import { STATISTICS } from '../../ui/words/statistics';
import { FILTER_PALETTE, addFilterCommands } from './filters';
import { NUMBER_FORMATS } from '../view/numberformat';
import { COMPARE_PALETTE, addCompareCommands } from './compare';
import { toggleActiveGroup } from '../grid/groupkeys';
import type { TablePanel } from '../panel';
import type { ICommandOptions, IParts } from './options';
import {
  activeCellText,
  deployArgs,
  detailsArgs,
  loadingCode,
  noTableReason,
  selectedTsv,
  whyNotAny,
  whyNotDeploy,
  whyNotGroups,
  whyNotOne,
  whyNotStop
} from './actions';
import { addCleanUpCommand } from './cleanup';
import { addTagCommands } from './tags';

const NO_ARGS = { type: 'object', properties: {} } as const;

export function addCommands(options: ICommandOptions): void {
  const parts = { ...options, ...helpers(options) };
  addTableCommands(parts);
  addRowCommands(parts);
  addTagCommands(parts);
  addCleanUpCommand(parts);
  addCopyCommands(parts);
  addSortCommands(parts);
  addColumnCommands(parts);
  addFilterCommands(parts);
  addContentCommands(parts);
  addCompareCommands(parts);
  addChartCommands(parts);
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
  { command: CommandIDs.editTableTags },
  { command: CommandIDs.copyTableRows },
  ...COMPARE_PALETTE,
  ...CHART_PALETTE,
  { command: CommandIDs.sortTable, args: { descending: false } },
  { command: CommandIDs.sortTable, args: { descending: true } },
  { command: CommandIDs.clearTableSort },
  ...STATISTICS.map(statistic => ({
    command: CommandIDs.aggregateTable,
    args: { statistic, inPalette: true }
  })),
  ...FILTER_PALETTE,
  ...STATISTICS.map(statistic => ({
    command: CommandIDs.addTableColumn,
    args: { statistic, inPalette: true }
  })),
  { command: CommandIDs.bestStepTableColumn },
  ...NUMBER_FORMATS.map(format => ({
    command: CommandIDs.formatTableColumn,
    args: { format, inPalette: true }
  })),
  { command: CommandIDs.pinTableColumn },
  { command: CommandIDs.hideTableColumn },
  { command: CommandIDs.moveTableColumn, args: { by: -1 } },
  { command: CommandIDs.moveTableColumn, args: { by: 1 } },
  { command: CommandIDs.fitTableColumn },
  { command: CommandIDs.copyTableColumnName },
  { command: CommandIDs.copyTableColumnValues }
];

function helpers({ table, trans }: ICommandOptions): Omit<IParts, keyof ICommandOptions> {
  return {
    explained: whyNot => {
      const reason = (): string | null => {
        const panel = table();
        return panel ? whyNot(panel) : noTableReason(trans);
      };
      return { ...explainDisabled(reason), describedBy: { args: NO_ARGS } };
    },
    column: () => {
      const panel = table();
      const column = panel?.model.shown[panel.grid.activeColumn];
      return panel && column ? { table: panel, column } : null;
    },
    copy: text => copy(text, trans)
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
    // On a header, Enter opens its menu.
    execute: async () => {
      const panel = table();
      const row = panel?.model.rows.row(panel.model.selection.active.row);
      if (panel && toggleActiveGroup(panel.model)) {
        return;
      }
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
  const single = explained(({ model }) => whyNotAny(model, trans) ?? whyNotGroups(model, trans));
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
    ...single,
    label: trans.__('Copy name'),
    execute: () => copy(textOf(table()!, row => row.trial_component_name))
  });
  commands.addCommand(CommandIDs.copyTableRowArn, {
    ...single,
    label: trans.__('Copy ARN'),
    execute: () => copy(textOf(table()!, row => row.trial_component_arn))
  });
  commands.addCommand(CommandIDs.copyTableRowCode, {
    ...single,
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
