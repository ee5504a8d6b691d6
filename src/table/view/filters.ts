/** The filters of a table: the dialog of each column, and the queries. Pure. */
import type { IFilter, IValuesRequest, Statistic } from '../../api/types';
import { FilterKind, IColumnFilter, serverFilter, withFilter } from '../../ui/filters/filters';
import { serverId } from './choices';
import type { IShownColumn } from './columns';
import type { IRowQuery, ITableView } from './options';

const MS_PER_SECOND = 1000;

/** Return the kind of dialog that a column has. */
export function kindOf(columnId: string): FilterKind {
  const kind = serverId(columnId).split(':', 1)[0];
  switch (columnId) {
    case 'summary:Status':
    case 'summary:Type':
      return 'choices';
    case 'summary:Created on':
    case 'summary:Last modified':
      return 'dates';
    case 'summary:Created by':
      return 'creator';
    case 'summary:Duration':
      return 'condition';
  }
  return kind === 'tag' ? 'tag' : kind === 'metric' || kind === 'parameter' ? 'condition' : 'text';
}

/** Whether a column can have only one filter, because a second one adds nothing. */
export function isOnceOnly(columnId: string): boolean {
  return ['choices', 'dates', 'creator'].includes(kindOf(columnId));
}

/**
 * Return what a filter on a metric compares: the statistic of its column, or the value at a step.
 */
export function filterContent(
  view: Pick<ITableView, 'statistics' | 'bestSteps'>,
  columnId: string,
  defaultStatistic: Statistic
): Pick<IShownColumn, 'statistic' | 'at'> {
  const at = view.bestSteps[columnId] ?? null;
  const isMetric = serverId(columnId).startsWith('metric:');
  return {
    statistic: isMetric && at === null ? (view.statistics[columnId] ?? defaultStatistic) : null,
    at: isMetric ? at : null
  };
}

/** Return all filters of a view in the form that the server takes. */
export function queryFilters(
  view: Pick<ITableView, 'filters' | 'statistics' | 'bestSteps'>,
  defaultStatistic: Statistic
): IFilter[] {
  return view.filters.map(filter => ({
    ...serverFilter(inMilliseconds(filter)),
    column: serverId(filter.column),
    ...filterContent(view, filter.column, defaultStatistic)
  }));
}

/** Convert a duration, which is entered and saved in seconds. */
function inMilliseconds(filter: IColumnFilter): IColumnFilter {
  return filter.column === 'summary:Duration'
    ? { ...filter, values: filter.values.map(value => Number(value) * MS_PER_SECOND) }
    : filter;
}

/** Replace the filter at a place, or add one at the end. */
export function setFilter(
  view: ITableView,
  place: number | null,
  filter: IColumnFilter
): ITableView {
  return { ...view, filters: withFilter(view.filters, place, filter) };
}

export function removeFilter(view: ITableView, place: number): ITableView {
  return { ...view, filters: view.filters.filter((_, at) => at !== place) };
}

export function clearFilters(view: ITableView): ITableView {
  return view.filters.length ? { ...view, filters: [] } : view;
}

/** Whether filters, or the type filter, may hide rows. */
export function isFiltered(view: Pick<ITableView, 'filters' | 'types'>): boolean {
  return view.filters.length > 0 || view.types !== null;
}

/** Whether every row that passed before passes now: no filter is new, and no type is missing. */
export function isWider(
  now: Pick<IRowQuery, 'filters' | 'types'>,
  before: Pick<IRowQuery, 'filters' | 'types'>
): boolean {
  const old = new Set(before.filters.map(filter => JSON.stringify(filter)));
  const { types } = now;
  return (
    now.filters.every(filter => old.has(JSON.stringify(filter))) &&
    (types === null || (before.types?.every(type => types.includes(type)) ?? false))
  );
}

/** Return the query for the values of a column, in the rows that pass the filters on all others. */
export function valuesRequest(
  view: ITableView,
  { default_statistic, filters, types }: IRowQuery,
  column: string,
  contains: string
): IValuesRequest {
  return {
    column: serverId(column),
    statistic: filterContent(view, column, default_statistic).statistic,
    view: { default_statistic, filters, types },
    contains
  };
}
