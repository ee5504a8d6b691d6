/** Whether steps were logged for metrics, which values at the best step need. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { ISignal, Signal } from '@lumino/signaling';

import type { IColumn } from '../../api/types';
import { serverId } from '../view/choices';
import type { IShownColumn } from '../view/columns';
import type { RowCache } from './rowcache';
import type { TableSelection } from './selection';

/** The part of the model that is used. */
interface ISeriesTable {
  readonly columns: readonly IColumn[];
  readonly rows: Pick<RowCache, 'version'>;
  readonly selection: Pick<TableSelection, 'active' | 'changed'>;
  /** Whether steps were logged for a metric, as far as the server can tell without much work. */
  checkSeries(columnId: string): Promise<boolean>;
}

/** Return the metrics of a table except one. */
export function otherMetrics(
  model: Pick<ISeriesTable, 'columns'>,
  column: Pick<IShownColumn, 'id'>
): readonly IColumn[] {
  const id = serverId(column.id);
  return model.columns.filter(other => other.kind === 'metric' && other.id !== id);
}

/** Asks once for each metric whose header becomes active. */
export class SeriesChecks {
  constructor(private readonly _model: ISeriesTable) {
    _model.selection.changed.connect(this._onSelection, this);
  }

  /** An answer has arrived. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Why a metric cannot be shown at a step; null if it can, or if that is not known. */
  whyNotStep(column: IShownColumn, trans: TranslationBundle): string | null {
    if (otherMetrics(this._model, column).length === 0) {
      return trans.__('There is no other metric');
    }
    return this._known.get(serverId(column.id))?.logged === false
      ? trans.__('No steps were logged for %1', column.name)
      : null;
  }

  private _onSelection(): void {
    const { row, column } = this._model.selection.active;
    if (row < 0 && column !== null && serverId(column).startsWith('metric:')) {
      void this._check(serverId(column));
    }
  }

  private async _check(id: string): Promise<void> {
    const version = this._model.rows.version;
    const known = this._known.get(id);
    // Steps may have been logged since.
    if (known?.logged || known?.version === version) {
      return;
    }
    this._known.set(id, { logged: known?.logged ?? null, version });
    try {
      this._known.set(id, { logged: await this._model.checkSeries(id), version });
      this._changed.emit();
    } catch (reason) {
      // The column then shows why it has no values.
      console.warn('smx-lab: it is not known whether steps were logged.', reason);
    }
  }

  private _changed = new Signal<this, void>(this);
  private readonly _known = new Map<string, { logged: boolean | null; version: number }>();
}
