/** The commands of column headers. They act on the column of the active cell. */
import { InputDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import type { IBestStep, Statistic } from '../../api/types';
import { CommandIDs } from '../../commands';
import { explainDisabled } from '../../ui/shell/menureasons';
import {
  addColumn,
  isAdded,
  pinColumn,
  removeAdded,
  setBestStep,
  setFormat
} from '../view/choices';
import { STATISTICS, statisticWord } from '../../ui/words/statistics';
import type { IShownColumn } from '../view/columns';
import type { IParts } from './options';
import { moveBy } from '../view/moves';
import { NUMBER_FORMATS, NumberFormat } from '../view/numberformat';
import type { TablePanel } from '../panel';
import { columnValues } from './actions';
import { otherMetrics } from '../rows/series';
import { clearSort, setStatistic, setWidth, showColumn, sortBy } from '../view/view';
import { formatWord, stepWord } from '../view/words';

/** One press of a key changes a width by this, in CSS pixels. Our choice. */
const WIDTH_STEP = 16;

interface IAt {
  table: TablePanel;
  column: IShownColumn;
}

/** The direction: -1 is left or narrower, 1 is right or wider. */
function by(args: ReadonlyPartialJSONObject): -1 | 1 {
  return Number(args.by) < 0 ? -1 : 1;
}

const STATISTIC_ARGS = {
  type: 'object',
  properties: { statistic: { type: 'string', enum: [...STATISTICS] } },
  required: ['statistic']
};

export function addSortCommands({ commands, trans, explained, column }: IParts): void {
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
}

export function addColumnCommands({ commands, trans, explained, column, copy }: IParts): void {
  const any = explained(() => null);
  commands.addCommand(CommandIDs.hideTableColumn, {
    ...any,
    label: trans.__('Hide'),
    execute: () => {
      const at = column();
      if (at) {
        at.table.grid.leaveColumn();
        at.table.model.update(view =>
          isAdded(at.column.id)
            ? removeAdded(view, at.column.id)
            : showColumn(view, at.column, false)
        );
      }
    }
  });
  commands.addCommand(CommandIDs.moveTableColumn, {
    ...any,
    ...explainDisabled(args => whyNotMove(column(), by(args), trans)),
    label: args => (Number(args.by) < 0 ? trans.__('Move left') : trans.__('Move right')),
    describedBy: {
      args: {
        type: 'object',
        properties: { by: { type: 'number', enum: [-1, 1] } }
      }
    },
    execute: args => {
      const at = column();
      at?.table.model.update(view => moveBy(view, at.table.model.columns, at.column.id, by(args)));
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
      const width = (at?.column.width ?? 0) + by(args) * WIDTH_STEP;
      at?.table.model.update(view => setWidth(view, at.column.id, width));
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

/** Add the commands for the contents of a column: statistic, step, number format. */
export function addContentCommands(parts: IParts): void {
  addStatisticCommands(parts);
  addStepCommand(parts);
  const { commands, trans, explained, column } = parts;
  commands.addCommand(CommandIDs.formatTableColumn, {
    ...explained(({ model, grid }) =>
      model.shown[grid.activeColumn]?.type === 'number'
        ? null
        : trans.__('Only numbers have a format')
    ),
    label: args => {
      const word = formatWord(args.format as NumberFormat, trans);
      return args.inPalette ? trans.__('Format: %1', word) : word;
    },
    isToggleable: true,
    isToggled: args => column()?.column.format === args.format,
    describedBy: {
      args: {
        type: 'object',
        properties: { format: { type: 'string', enum: [...NUMBER_FORMATS] } },
        required: ['format']
      }
    },
    execute: args => {
      const at = column();
      at?.table.model.update(view => setFormat(view, at.column.id, args.format as NumberFormat));
    }
  });
  commands.addCommand(CommandIDs.pinTableColumn, {
    ...explained(() => null),
    label: trans.__('Pin'),
    isToggleable: true,
    isToggled: () => column()?.column.isPinned ?? false,
    execute: () => {
      const at = column();
      at?.table.model.update(view => pinColumn(view, at.column.id, !at.column.isPinned));
      at?.table.grid.revealActive();
    }
  });
}

function addStatisticCommands({ commands, trans, explained, column }: IParts): void {
  const metric = explained(({ model, grid }) =>
    model.shown[grid.activeColumn]?.kind === 'metric'
      ? null
      : trans.__('Only metrics have statistics')
  );
  commands.addCommand(CommandIDs.aggregateTable, {
    ...metric,
    label: args => {
      const word = statisticWord(args.statistic as Statistic, trans);
      return args.inPalette ? trans.__('Data aggregation: %1', word) : word;
    },
    isToggleable: true,
    isToggled: args => column()?.column.statistic === args.statistic,
    describedBy: { args: STATISTIC_ARGS },
    execute: args => {
      const at = column();
      at?.table.model.update(view => setStatistic(view, at.column.id, args.statistic as Statistic));
    }
  });
  commands.addCommand(CommandIDs.addTableColumn, {
    ...metric,
    label: args => {
      const word = statisticWord(args.statistic as Statistic, trans);
      return args.inPalette ? trans.__('Add as another column: %1', word) : word;
    },
    describedBy: { args: STATISTIC_ARGS },
    execute: args => {
      const at = column();
      at?.table.model.update(view => addColumn(view, at.column.id, args.statistic as Statistic));
    }
  });
}

function addStepCommand({ commands, trans, explained, column }: IParts): void {
  const stepOf = (args: ReadonlyPartialJSONObject): IBestStep | null =>
    typeof args.metric === 'string' && (args.goal === 'Max' || args.goal === 'Min')
      ? { metric: args.metric, goal: args.goal }
      : null;
  commands.addCommand(CommandIDs.bestStepTableColumn, {
    ...explained(({ model, grid, series }) => {
      const shown = model.shown[grid.activeColumn];
      return shown?.kind === 'metric'
        ? series.whyNotStep(shown, trans)
        : trans.__('Only metrics have steps');
    }),
    label: args => {
      const step = stepOf(args);
      return step === null ? trans.__('At the best step of…') : stepWord(step, trans);
    },
    isToggleable: true,
    isToggled: args => {
      const [step, at] = [stepOf(args), column()?.column.at];
      return step !== null && at?.metric === step.metric && at.goal === step.goal;
    },
    describedBy: {
      args: {
        type: 'object',
        properties: {
          metric: { type: 'string', description: 'Column id of a metric; without it, asks.' },
          goal: { type: 'string', enum: ['Max', 'Min'] }
        }
      }
    },
    execute: async args => {
      const at = column();
      const step = stepOf(args) ?? (at && (await askForStep(at, trans)));
      if (at && step) {
        at.table.model.update(view => setBestStep(view, at.column.id, step));
      }
    }
  });
}

/** Let the user choose a step among those of all metrics; null if cancelled. */
async function askForStep(at: IAt, trans: TranslationBundle): Promise<IBestStep | null> {
  const steps = otherMetrics(at.table.model, at.column).flatMap(({ id }): IBestStep[] => [
    { metric: id, goal: 'Max' },
    { metric: id, goal: 'Min' }
  ]);
  const items = steps.map(step => stepWord(step, trans));
  const answer = await InputDialog.getItem({
    title: trans.__('Show %1 at the best step of another metric', at.column.name),
    items,
    okLabel: trans.__('Show')
  });
  return (answer.button.accept && steps[items.indexOf(answer.value ?? '')]) || null;
}

/** Why a column cannot be moved further. */
function whyNotMove(at: IAt | null, step: -1 | 1, trans: TranslationBundle): string | null {
  if (at === null) {
    return trans.__('Open a trial component list first');
  }
  const { model } = at.table;
  return moveBy(model.view, model.columns, at.column.id, step) === model.view
    ? trans.__('It is at the end of its columns')
    : null;
}
