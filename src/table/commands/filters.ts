/** The commands that filter the table in front. */
import type { CommandRegistry } from '@lumino/commands';

import { CommandIDs } from '../../commands';
import { MAX_FILTERS, tooManyFilters } from '../../ui/filters/filters';
import type { ICommandOptions } from './options';
import { clearFilters, isOnceOnly } from '../view/filters';
import type { TablePanel } from '../panel';

interface IParts extends ICommandOptions {
  explained: (
    whyNot: (table: TablePanel) => string | null
  ) => Partial<CommandRegistry.ICommandOptions>;
}

/** The filter commands in the palette. */
export const FILTER_PALETTE = [
  { command: CommandIDs.filterTable },
  { command: CommandIDs.filterTableColumn },
  { command: CommandIDs.clearTableFilters }
] as const;

const COLUMN_ARGS = {
  type: 'object',
  properties: {
    column: {
      type: 'string',
      description: 'The id of a column, such as metric:loss; default: that of the active cell.'
    }
  }
} as const;

export function addFilterCommands({ commands, table, trans, explained }: IParts): void {
  commands.addCommand(CommandIDs.filterTable, {
    ...explained(() => null),
    label: trans.__('Search Column Name in the Trial Component List'),
    execute: () => table()?.filters.focusBox()
  });
  const columnOf = ({ model, grid }: TablePanel, given: unknown): string | null =>
    typeof given === 'string' ? given : (model.shown[grid.activeColumn]?.id ?? null);
  commands.addCommand(CommandIDs.filterTableColumn, {
    ...explained(panel => {
      const column = columnOf(panel, null);
      const { filters } = panel.model.view;
      const isChange =
        column !== null && isOnceOnly(column) && filters.some(other => other.column === column);
      return filters.length >= MAX_FILTERS && !isChange ? tooManyFilters(trans) : null;
    }),
    label: trans.__('Filter…'),
    describedBy: { args: COLUMN_ARGS },
    execute: async args => {
      const panel = table();
      const column = panel && columnOf(panel, args.column);
      if (panel && column !== null) {
        await panel.filters.ask(column);
        panel.grid.focusActive();
      }
    }
  });
  commands.addCommand(CommandIDs.clearTableFilters, {
    ...explained(({ model }) =>
      model.view.filters.length ? null : trans.__('No filters are set')
    ),
    label: trans.__('Clear All Filters of the Trial Component List'),
    execute: () => table()?.model.update(clearFilters)
  });
}
