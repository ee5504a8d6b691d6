/** The box that finds a column to filter by, and the current filters. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import * as React from 'react';

import { Combobox } from '../../ui/forms/combobox';
import { FilterChips } from '../../ui/filters/chips';
import { askFilter } from '../../ui/filters/dialog';
import { MAX_FILTERS, tooManyFilters } from '../../ui/filters/filters';
import { IOption, matching } from '../../ui/forms/options';
import { clearFilters, isOnceOnly, removeFilter, setFilter } from '../view/filters';
import { IColumnWords, chipText, questionOf, searchable } from './words';
import type { TableModel } from '../model';

interface IFilterBarProps {
  model: TableModel;
  trans: TranslationBundle;
  locale: string;
  /** Give the focus to the grid. */
  focusGrid: () => void;
}

export class TableFilterBar extends ReactWidget {
  constructor(private readonly _props: IFilterBarProps) {
    super();
    this.addClass('smx-FilterBar');
    this.node.setAttribute('role', 'search');
    this.node.setAttribute('aria-label', _props.trans.__('Filters'));
  }

  /** Give the focus to the box. */
  focusBox(): void {
    this.node.querySelector<HTMLElement>('.smx-Combobox-input')?.focus();
  }

  /**
   * Ask for a filter on a column, and set it.
   *
   * `place` is that of the filter to change; null adds a filter. If there are already as many as
   * allowed, the bar shows a message.
   */
  async ask(columnId: string, place: number | null = null): Promise<void> {
    const { model, trans, locale } = this._props;
    const { filters } = model.view;
    const once = isOnceOnly(columnId) ? filters.findIndex(({ column }) => column === columnId) : -1;
    const at = place ?? (once < 0 ? null : once);
    this._isRefused = at === null && filters.length >= MAX_FILTERS;
    this.update();
    if (this._isRefused) {
      return;
    }
    const filter = await askFilter(
      {
        ...questionOf(columnId, this._words()),
        listValues: (column, contains) => model.listValues(column, contains),
        listTagKeys: async prefix =>
          model.columns
            .filter(({ kind, name }) => kind === 'tag' && name.startsWith(prefix))
            .map(({ name }) => name)
      },
      { filter: at === null ? null : filters[at], locale, trans }
    );
    if (filter && !this.isDisposed) {
      model.update(view => setFilter(view, at, filter));
    }
  }

  protected render(): JSX.Element {
    const { model } = this._props;
    return (
      <UseSignal signal={model.viewChanged}>
        {() => <UseSignal signal={model.changed}>{() => this._bar()}</UseSignal>}
      </UseSignal>
    );
  }

  private _words(): IColumnWords {
    const { model, trans, locale } = this._props;
    const { columns, view, defaultStatistic } = model;
    return { columns, view, defaultStatistic, trans, locale };
  }

  private _bar(): JSX.Element {
    const { model, trans, focusGrid } = this._props;
    const words = this._words();
    const { filters } = model.view;
    const isRefused = this._isRefused && filters.length >= MAX_FILTERS;
    return (
      <>
        <ColumnBox
          model={model}
          trans={trans}
          onChoose={id => void this.ask(id)}
          onLeave={focusGrid}
        />
        <FilterChips
          texts={filters.map(filter => chipText(filter, words))}
          onEdit={place => void this._edit(place)}
          onRemove={place => model.update(view => removeFilter(view, place))}
          onClear={() => model.update(clearFilters)}
          onEmpty={() => this.focusBox()}
          trans={trans}
        />
        <p className="smx-FilterBar-refused" role="alert">
          {isRefused && tooManyFilters(trans)}
        </p>
      </>
    );
  }

  private async _edit(place: number): Promise<void> {
    const filter = this._props.model.view.filters[place];
    if (filter) {
      await this.ask(filter.column, place);
    }
  }

  private _isRefused = false;
}

/** The box that finds searchable columns. 12 000 columns are searched in a few milliseconds. */
function ColumnBox(props: {
  model: TableModel;
  trans: TranslationBundle;
  onChoose: (columnId: string) => void;
  onLeave: () => void;
}): JSX.Element {
  const { model, trans } = props;
  const [text, setText] = React.useState('');
  const columns = model.columns;
  const options = React.useMemo(() => searchable(columns, trans), [columns]);
  const found = React.useMemo(() => matching(options, text), [options, text]);
  const choose = ({ id }: IOption): void => {
    setText('');
    props.onChoose(id);
  };
  return (
    <Combobox
      isSearch
      className="smx-FilterBar-box"
      label={trans.__('Search column name')}
      text={text}
      options={found}
      onText={setText}
      onChoose={choose}
      onLeave={key => {
        if (key === 'Escape') {
          setText('');
          props.onLeave();
        } else if (key === 'Enter' && text.trim() && found.length > 0) {
          // Enter chooses the best match.
          choose(found[0]);
        }
      }}
      trans={trans}
    />
  );
}
