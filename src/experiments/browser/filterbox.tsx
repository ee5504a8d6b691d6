/**
 * The box **Search**: it filters by name while the user types, and offers other filters in its
 * list.
 */
import { closeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { Combobox } from '../../ui/forms/combobox';
import { FilterChips } from '../../ui/filters/chips';
import { askFilter } from '../../ui/filters/dialog';
import { MAX_FILTERS, tooManyFilters, withFilter } from '../../ui/filters/filters';
import { IconButton } from '../../ui/pieces/iconbutton';
import { matching } from '../../ui/forms/options';
import { chipText, isOnceOnly, questionOf, searchable } from '../rows/filters';
import type { IPanelContext } from '../options';

export function FilterBox(context: IPanelContext): JSX.Element {
  const { model, focusList, locale, trans } = context;
  const { filters, level, typed: text } = model;
  const [isRefused, setRefused] = React.useState(false);
  const box = React.useRef<HTMLDivElement>(null);
  const options = matching(searchable(level, trans), text);
  const leave = (): void => {
    model.setFilter('');
    focusList();
  };
  const ask = async (column: string, place: number | null = null): Promise<void> => {
    const once = isOnceOnly(column) ? filters.findIndex(other => other.column === column) : -1;
    const at = place ?? (once < 0 ? null : once);
    const isTooMany = at === null && filters.length >= MAX_FILTERS;
    setRefused(isTooMany);
    if (isTooMany) {
      return;
    }
    const question = questionOf(column, trans, prefix => model.listTagKeys(prefix));
    const filter = await askFilter(question, {
      filter: at === null ? null : filters[at],
      locale,
      trans
    });
    if (filter) {
      model.setFilters(withFilter(filters, at, filter));
    }
  };
  return (
    <div className="smx-ExperimentsPanel-filter" role="search" ref={box}>
      <Combobox
        isSearch
        label={trans.__('Search')}
        text={text}
        options={options}
        onText={wanted => model.setFilter(wanted)}
        onChoose={({ id }) => {
          // The text was the name of a filter.
          model.setFilter('');
          void ask(id);
        }}
        onLeave={key => (key === 'Escape' ? leave() : focusList())}
        end={text && <IconButton icon={closeIcon} label={trans.__('Clear')} onClick={leave} />}
        trans={trans}
      />
      <FilterChips
        texts={filters.map(filter => chipText(filter, locale, trans))}
        onEdit={place => void ask(filters[place].column, place)}
        onRemove={place => model.setFilters(filters.filter((_, at) => at !== place))}
        onClear={() => model.setFilters([])}
        onEmpty={() => box.current?.querySelector('input')?.focus()}
        trans={trans}
      />
      <p className="smx-FilterBar-refused" role="alert">
        {isRefused && filters.length >= MAX_FILTERS && tooManyFilters(trans)}
      </p>
    </div>
  );
}
