/** **At the best step of**: a submenu with the metrics of the table in front. */
import { MenuSvg } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { Message } from '@lumino/messaging';

import { CommandIDs } from '../../commands';
import type { TablePanel } from '../panel';
import { otherMetrics } from '../rows/series';

/** The menu lists this many metrics, twice each; an entry below asks for another. Our choice. */
const MAX_LISTED = 12;

export class StepMenu extends MenuSvg {
  constructor(options: {
    commands: CommandRegistry;
    table: () => TablePanel | null;
    trans: TranslationBundle;
  }) {
    super({ commands: options.commands });
    this._table = options.table;
    this.title.label = options.trans.__('At the best step of');
  }

  /** The entries depend on the column whose menu is open. */
  protected onUpdateRequest(msg: Message): void {
    const table = this._table();
    const column = table?.model.shown[table.grid.activeColumn];
    const metrics = table && column ? otherMetrics(table.model, column).map(({ id }) => id) : [];
    const listed = JSON.stringify(metrics);
    if (listed !== this._listed) {
      this._listed = listed;
      this._fill(metrics);
    }
    if (table && table !== this._followed) {
      this._followed = table;
      table.series.changed.connect(this.update, this);
      table.disposed.connect(() => (this._followed = null));
    }
    super.onUpdateRequest(msg);
  }

  private _fill(metrics: readonly string[]): void {
    this.clearItems();
    const command = CommandIDs.bestStepTableColumn;
    for (const metric of metrics.slice(0, MAX_LISTED)) {
      this.addItem({ command, args: { metric, goal: 'Max' } });
      this.addItem({ command, args: { metric, goal: 'Min' } });
    }
    if (metrics.length === 0 || metrics.length > MAX_LISTED) {
      this.addItem({ command });
    }
  }

  private _followed: TablePanel | null = null;
  private _listed = '';
  private readonly _table: () => TablePanel | null;
}
