/** Tells screen readers of changes of the table: counts, order, aggregation. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import { LiveRegion } from '../../ui/pieces/states';
import { comparingText } from './comparingtext';
import { isFiltered } from '../view/filters';
import { serverId } from '../view/choices';
import type { TableModel } from '../model';
import type { ITableView } from '../view/options';
import { statisticWord } from '../../ui/words/statistics';
import { stepWord } from '../view/words';

interface ISnapshot {
  readonly selected: number;
  readonly total: number | null;
  readonly view: ITableView;
}

export class TableAnnouncer extends ReactWidget {
  constructor(private readonly _props: { model: TableModel; trans: TranslationBundle }) {
    super();
    const { model } = _props;
    this._before = this._snapshot();
    model.selection.changed.connect(this._listen, this);
    model.viewChanged.connect(this._listen, this);
    model.changed.connect(this._listen, this);
  }

  protected render(): JSX.Element {
    return <LiveRegion text={this._text} />;
  }

  private _listen(): void {
    const now = this._snapshot();
    const comparing = comparingText(
      this._before.view.comparing,
      now.view.comparing,
      column => this._label(column),
      this._props.trans
    );
    const texts = [this._order(now), this._statistics(now), comparing, this._counts(now)];
    this._before = now;
    const text = texts.filter(part => part !== '').join(' ');
    if (text) {
      this._text = text;
      this.update();
    }
  }

  private _snapshot(): ISnapshot {
    const { model } = this._props;
    return {
      selected: model.selection.size,
      total: model.isWaiting || model.rows.total === null ? null : model.rows.passed,
      view: model.view
    };
  }

  private _order({ view }: ISnapshot): string {
    const { trans } = this._props;
    if (view.sort === this._before.view.sort) {
      return '';
    }
    if (view.sort.length === 0) {
      return trans.__('In the original order.');
    }
    const keys = view.sort.map(key => {
      const label = this._label(key.column);
      return key.descending ? trans.__('%1, decreasing', label) : trans.__('%1, increasing', label);
    });
    return trans.__('Sorted by %1.', keys.join('; '));
  }

  private _statistics({ view }: ISnapshot): string {
    const { trans } = this._props;
    const before = this._before.view;
    const statistics = Object.entries(view.statistics)
      .filter(([column, statistic]) => before.statistics[column] !== statistic)
      .map(([column, statistic]) => [column, statisticWord(statistic, trans)]);
    const steps = Object.entries(view.bestSteps)
      .filter(([column, step]) => before.bestSteps[column] !== step)
      .map(([column, step]) => [column, stepWord(step, trans)]);
    return [...statistics, ...steps]
      .map(([column, content]) => trans.__('%1 shows %2.', this._label(column), content))
      .join(' ');
  }

  private _counts({ selected, total, view }: ISnapshot): string {
    this._isCountDue ||= view.filters !== this._before.view.filters;
    const { trans } = this._props;
    const parts: string[] = [];
    const { model } = this._props;
    const all = model.totalRows;
    // After a change of filters, the count is announced even if it is the same.
    const isNew = total !== this._before.total || this._isCountDue;
    if (total !== null && isNew && !model.rows.isStale) {
      this._isCountDue = false;
      parts.push(
        isFiltered(model.view) && all !== null
          ? trans.__('%1 of %2 rows.', total, all)
          : trans._n('%1 row.', '%1 rows.', total)
      );
    }
    if (selected !== this._before.selected) {
      parts.push(trans._n('%1 row selected.', '%1 rows selected.', selected));
    }
    return parts.join(' ');
  }

  private _label(columnId: string): string {
    const { model } = this._props;
    const id = serverId(columnId);
    return model.columns.find(column => column.id === id)?.label ?? id;
  }

  private _before: ISnapshot;
  private _isCountDue = false;
  private _text = '';
}
