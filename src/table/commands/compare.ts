/** The commands that compare rows of the table in front. */
import type { TranslationBundle } from '@jupyterlab/translation';

import { CommandIDs } from '../../commands';
import type { IParts } from './options';
import { compare, groupRows } from '../view/comparing';
import { MAX_COMPARED, comparisonArgs } from '../compare/comparison';
import { toggleActiveGroup } from '../grid/groupkeys';
import type { TablePanel } from '../panel';
import { whyNotGroups, whyNotOne } from './actions';

type Model = TablePanel['model'];

/** The commands for comparing in the palette. */
export const COMPARE_PALETTE = [
  CommandIDs.compareTableRows,
  CommandIDs.setTableBaseline,
  CommandIDs.clearTableBaseline,
  CommandIDs.toggleTableDifferences,
  CommandIDs.toggleTableBest,
  CommandIDs.groupTable,
  CommandIDs.ungroupTable,
  CommandIDs.unfoldTableGroup
].map(command => ({ command }));

export function addCompareCommands(parts: IParts): void {
  addRowCommands(parts);
  addGroupCommands(parts);
  const { commands, table, trans, explained } = parts;
  const any = explained(() => null);
  commands.addCommand(CommandIDs.toggleTableDifferences, {
    ...any,
    label: trans.__('Only columns that differ'),
    isToggleable: true,
    isToggled: () => table()?.model.view.comparing.onlyDifferences ?? false,
    execute: () =>
      table()?.model.update(view =>
        compare(view, { onlyDifferences: !view.comparing.onlyDifferences })
      )
  });
  commands.addCommand(CommandIDs.toggleTableBest, {
    ...any,
    label: trans.__('Mark the best value'),
    isToggleable: true,
    isToggled: () => table()?.model.view.comparing.markBest ?? false,
    execute: () =>
      table()?.model.update(view => compare(view, { markBest: !view.comparing.markBest }))
  });
}

function addRowCommands({ commands, table, trans, explained }: IParts): void {
  commands.addCommand(CommandIDs.compareTableRows, {
    ...explained(({ model }) => whyNotCompare(model, trans)),
    label: trans.__('Compare'),
    execute: async () => {
      const panel = table();
      if (panel) {
        await commands.execute(CommandIDs.openComparison, { ...comparisonArgs(panel.model) });
      }
    }
  });
  commands.addCommand(CommandIDs.setTableBaseline, {
    ...explained(({ model }) => whyNotBaseline(model, trans)),
    label: trans.__('Set as baseline'),
    execute: () => {
      const model = table()?.model;
      const row = model?.selection.rows[0];
      if (model && row) {
        const label = row.trial_name ? `${row.display_name} · ${row.trial_name}` : row.display_name;
        model.update(view => compare(view, { baseline: { id: row.id, label } }));
      }
    }
  });
  commands.addCommand(CommandIDs.clearTableBaseline, {
    ...explained(({ model }) =>
      model.view.comparing.baseline ? null : trans.__('There is no baseline')
    ),
    label: trans.__('Clear baseline'),
    execute: () => table()?.model.update(view => compare(view, { baseline: null }))
  });
}

function whyNotCompare(model: Model, trans: TranslationBundle): string | null {
  const { size } = model.selection;
  return size < 2 || size > MAX_COMPARED
    ? trans.__('Select 2 to %1 rows', MAX_COMPARED)
    : whyNotGroups(model, trans);
}

function whyNotBaseline(model: Model, trans: TranslationBundle): string | null {
  const [row] = model.selection.rows;
  // A group can be the baseline too.
  const reason = row?.group && model.selection.size === 1 ? null : whyNotOne(model, trans);
  return reason ?? (row.id === model.view.comparing.baseline?.id ? trans.__('It is') : null);
}

function addGroupCommands({ commands, table, trans, explained, column }: IParts): void {
  commands.addCommand(CommandIDs.groupTable, {
    ...explained(({ model, grid }) => {
      const kind = model.shown[grid.activeColumn]?.kind;
      return kind === 'parameter' || kind === 'tag'
        ? null
        : trans.__('Rows are grouped by parameters and tags');
    }),
    label: trans.__('Group rows by this column'),
    execute: () => {
      const at = column();
      at?.table.model.update(view => groupRows(view, [at.column.id]));
    }
  });
  commands.addCommand(CommandIDs.ungroupTable, {
    ...explained(({ model }) =>
      model.view.comparing.groupBy.length ? null : trans.__('The rows are not grouped')
    ),
    label: trans.__('Stop grouping rows'),
    execute: () => table()?.model.update(view => groupRows(view, []))
  });
  commands.addCommand(CommandIDs.unfoldTableGroup, {
    ...explained(({ model }) =>
      model.rows.row(model.selection.active.row)?.group ? null : trans.__('This is no group')
    ),
    label: trans.__('Unfold or fold the group'),
    execute: () => {
      const model = table()?.model;
      if (model) {
        toggleActiveGroup(model);
      }
    }
  });
}
