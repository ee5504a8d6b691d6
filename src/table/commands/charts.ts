/** The commands of charts. They act on the table in front and on its chosen chart. */
import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { MenuSvg } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { Menu } from '@lumino/widgets';

import { CommandIDs } from '../../commands';
import { dropDown } from '../../ui/shell/dropdown';
import { explainDisabled } from '../../ui/shell/menureasons';
import { SHORT_MS } from '../../ui/notify';
import { saveFile } from '../../ui/savefile';
import type { IParts } from './options';
import { fileStem } from './exporting';
import { originOf } from '../view/origin';
import type { TablePanel } from '../panel';
import { noTableReason, whyNotAny, whyNotGroups } from './actions';
import type { ChartCard, PictureFormat } from '../charts/card';
import { MAX_CHARTS, MAX_CHART_ROWS, addChart, isDrawable, removeChart } from '../view/chart';

type Model = TablePanel['model'];

const FORMATS: readonly PictureFormat[] = ['png', 'svg', 'csv'];

/** The commands of charts in the palette. */
export const CHART_PALETTE = [
  { command: CommandIDs.addTableChart },
  { command: CommandIDs.editTableChart },
  { command: CommandIDs.toggleTableChartFull },
  { command: CommandIDs.toggleTableChartValues },
  ...FORMATS.map(format => ({
    command: CommandIDs.downloadTableChart,
    args: { format, inPalette: true }
  })),
  { command: CommandIDs.copyTableChartCode },
  { command: CommandIDs.removeTableChart }
];

/** Why no chart of the selected rows can be added; null if one can. */
export function whyNotAddChart(model: Model, trans: TranslationBundle): string | null {
  const { size } = model.selection;
  if (size > MAX_CHART_ROWS && size !== model.rows.total) {
    return trans.__('Select at most %1 rows, or all of them', MAX_CHART_ROWS);
  }
  return (
    whyNotAny(model, trans) ??
    // This is asked on each change of the selection, so it looks at the rows only if necessary.
    (model.rows.groups === null ? null : whyNotGroups(model, trans)) ??
    (model.view.charts.length < MAX_CHARTS
      ? null
      : trans.__('There are %1 charts already: remove one first', MAX_CHARTS))
  );
}

/** Add a chart of the selected rows, or of all rows if all are selected. */
function add({ model, charts }: TablePanel): void {
  const { rows, size } = model.selection;
  const ids = size > MAX_CHART_ROWS ? null : rows.map(({ id }) => id);
  model.update(view => addChart(view, ids));
  charts.state.openPane(model.view.charts.at(-1)!.id);
}

export function addChartCommands(parts: IParts): void {
  const { commands, table, trans, explained } = parts;
  commands.addCommand(CommandIDs.addTableChart, {
    ...explained(({ model }) => whyNotAddChart(model, trans)),
    label: trans.__('Add chart'),
    execute: () => add(table()!)
  });
  const any = explained(panel => whyNoChart(panel, trans));
  const state = (): TablePanel['charts']['state'] => table()!.charts.state;
  const chosen = (): ChartCard => table()!.charts.charts!.chosen!;
  commands.addCommand(CommandIDs.editTableChart, {
    ...any,
    label: trans.__('Edit chart'),
    execute: () => state().openPane(chosen().chartId)
  });
  commands.addCommand(CommandIDs.closeTableChartProperties, {
    ...any,
    label: trans.__('Close chart properties'),
    execute: () => table()!.closeChart()
  });
  commands.addCommand(CommandIDs.toggleTableChartFull, {
    ...any,
    label: trans.__('Full view'),
    isToggleable: true,
    isToggled: () => !!table()?.charts.state.full,
    execute: () => {
      const card = chosen();
      state().fill(state().full ? null : card.chartId);
      card.node.focus();
    }
  });
  commands.addCommand(CommandIDs.toggleTableChartValues, {
    ...explained(panel =>
      panel.charts.charts?.chosen?.canDraw === false
        ? trans.__('JupyterLab’s Vega extension is disabled here')
        : whyNoChart(panel, trans)
    ),
    label: trans.__('Show as table'),
    isToggleable: true,
    isToggled: () => table()?.charts.charts?.chosen?.isTable ?? false,
    execute: () => {
      const card = chosen();
      card.isTable = !card.isTable;
    }
  });
  commands.addCommand(CommandIDs.removeTableChart, {
    ...any,
    label: trans.__('Remove chart'),
    execute: () => {
      const panel = table()!;
      const id = chosen().chartId;
      panel.model.update(view => removeChart(view, id));
      panel.grid.focusActive();
    }
  });
  addFileCommands(parts, chosen);
}

function addFileCommands(
  { commands, table, trans, explained, copy }: IParts,
  chosen: () => ChartCard
): void {
  const drawn = explained(panel => whyNotDraw(panel, trans));
  const whyNotSave = (args: { format?: unknown }): string | null => {
    const panel = table();
    const isPicture = formatOf(args) !== 'csv';
    return panel?.charts.charts?.chosen?.canDraw === false && isPicture
      ? trans.__('JupyterLab’s Vega extension is disabled here')
      : panel
        ? whyNotDraw(panel, trans)
        : noTableReason(trans);
  };
  commands.addCommand(CommandIDs.downloadTableChart, {
    ...explainDisabled(whyNotSave),
    label: args => {
      const format = formatOf(args).toUpperCase();
      return args.inPalette
        ? trans.__('Download chart as %1', format)
        : trans.__('Download as %1', format);
    },
    describedBy: {
      args: { type: 'object', properties: { format: { type: 'string', enum: [...FORMATS] } } }
    },
    execute: async args => {
      const format = formatOf(args);
      const card = chosen();
      try {
        const stem = fileStem(originOf(table()!.model.origin));
        saveFile(await card.file(format), `${stem}-${card.chartId}.${format}`);
      } catch (reason) {
        console.warn('smx-lab: a chart was not saved.', reason);
        Notification.error(trans.__('The chart was not saved.'), { autoClose: SHORT_MS });
      }
    }
  });
  commands.addCommand(CommandIDs.openTableChartMenu, {
    ...explained(panel => whyNoChart(panel, trans)),
    label: trans.__('Download chart…'),
    execute: () => {
      const anchor = chosen().node.querySelector<HTMLElement>('.smx-Chart-download');
      if (anchor) {
        dropDown(formatMenu(commands), anchor);
      }
    }
  });
  commands.addCommand(CommandIDs.copyTableChartCode, {
    ...drawn,
    label: trans.__('Copy chart as code'),
    execute: () => copy(chosen().code())
  });
}

/** The caller disposes the menu. */
function formatMenu(commands: CommandRegistry): Menu {
  const menu = new MenuSvg({ commands });
  FORMATS.forEach(format =>
    menu.addItem({ command: CommandIDs.downloadTableChart, args: { format } })
  );
  return menu;
}

function formatOf({ format }: { format?: unknown }): PictureFormat {
  return FORMATS.find(known => known === format) ?? 'png';
}

function whyNoChart({ charts }: TablePanel, trans: TranslationBundle): string | null {
  return charts.charts?.chosen ? null : trans.__('Choose a chart first');
}

function whyNotDraw(panel: TablePanel, trans: TranslationBundle): string | null {
  const card = panel.charts.charts?.chosen;
  return card && isDrawable(card.chart) && card.feed.state.is !== 'ready'
    ? trans.__('The chart is not drawn yet')
    : card && !isDrawable(card.chart)
      ? trans.__('Choose what the chart shows first')
      : whyNoChart(panel, trans);
}
