/**
 * The view of a table: a value, changed by pure functions, and saved over a reload.
 *
 * It names columns by id only, so that it stays valid while columns are added and removed.
 */
import type { ComponentType, IColumn, ISortKey, IViewColumn, Statistic } from '../../api/types';
import { filtersFrom } from '../../ui/filters/filters';
import { STATISTICS } from '../../ui/words/statistics';
import {
  DEFAULT_CHOICES,
  choicesFrom,
  pinnedFirst,
  serverId,
  setBestStep,
  withAdded
} from './choices';
import { chartsFrom } from './chart';
import {
  ColumnKind,
  GROUPS,
  IShownColumn,
  TYPES,
  arrange,
  cellKey,
  clampWidth,
  defaultWidth
} from './columns';
import { queryFilters } from './filters';
import { GROUP_COLUMN, NOTHING_COMPARED, compareQuery, comparingFrom } from './comparing';
import type { IGroupView, IRowQuery, ISortBy, ITableView, ISavedAs } from './options';
import { entriesFrom, isNumber, isRecord, textsFrom } from './json';

export const DEFAULT_VIEW: ITableView = {
  ...DEFAULT_CHOICES,
  groups: {},
  order: [],
  widths: {},
  statistics: {},
  sort: [],
  types: null,
  filters: [],
  comparing: NOTHING_COMPARED,
  charts: [],
  autoRefresh: true,
  propertiesOpen: false,
  saved: null
};

const SHOWN_GROUP: IGroupView = { on: true, except: [] };

// Shown columns

export function isShown(view: ITableView, column: Pick<IColumn, 'id' | 'kind'>): boolean {
  const { on, except } = view.groups[column.kind] ?? SHOWN_GROUP;
  return except.includes(column.id) ? !on : on;
}

export function showColumn(
  view: ITableView,
  column: Pick<IColumn, 'id' | 'kind'>,
  shown: boolean
): ITableView {
  const { on, except } = view.groups[column.kind] ?? SHOWN_GROUP;
  const others = except.filter(id => id !== column.id);
  const group = { on, except: shown === on ? others : [...others, column.id] };
  return { ...view, groups: { ...view.groups, [column.kind]: group } };
}

export function showGroup(view: ITableView, kind: ColumnKind, shown: boolean): ITableView {
  return {
    ...view,
    groups: { ...view.groups, [kind]: { on: shown, except: [] } }
  };
}

/**
 * Return the state of a group's checkbox. Without columns, it says whether a new one would be
 * shown.
 */
export function groupState(
  view: ITableView,
  columns: readonly IColumn[],
  kind: ColumnKind
): 'all' | 'none' | 'mixed' {
  const { on, except } = view.groups[kind] ?? SHOWN_GROUP;
  const ids = columns.filter(column => column.kind === kind).map(column => column.id);
  const left = new Set(except);
  const count = ids.filter(id => left.has(id)).length;
  if (count === 0) {
    return on ? 'all' : 'none';
  }
  if (count < ids.length) {
    return 'mixed';
  }
  return on ? 'none' : 'all';
}

/** Return the columns on the screen, from left to right. */
export function shownColumns(
  view: ITableView,
  columns: readonly IColumn[],
  defaultStatistic: Statistic
): readonly IShownColumn[] {
  const exceptions = new Map(
    GROUPS.map(kind => {
      const { on, except } = view.groups[kind] ?? SHOWN_GROUP;
      return [kind, { on, except: new Set(except) }];
    })
  );
  const shown = (column: IColumn): boolean => {
    const group = exceptions.get(column.kind);
    return group !== undefined && group.on !== group.except.has(column.id);
  };
  const arranged = arrange(withAdded(view, columns), view.order).filter(shown);
  return pinnedFirst(arranged, view.pinned).map(column => {
    const { statistic, at } = contentOf(view, column, defaultStatistic);
    return {
      key: cellKey(serverId(column.id), statistic, at),
      id: column.id,
      kind: column.kind,
      name: column.name,
      label: column.label,
      type: column.type,
      statistic,
      at,
      format: view.formats[column.id] ?? 'automatic',
      isPinned: view.pinned.includes(column.id),
      width: view.widths[column.id] ?? defaultWidth(column, at)
    };
  });
}

/** Return what a metric shows: a statistic, or its value at a step. */
function contentOf(
  view: ITableView,
  column: Pick<IColumn, 'id' | 'kind'>,
  defaultStatistic: Statistic
): Pick<IShownColumn, 'statistic' | 'at'> {
  const at = view.bestSteps[column.id] ?? null;
  if (column.kind !== 'metric' || at !== null) {
    return { statistic: null, at: column.kind === 'metric' ? at : null };
  }
  return { statistic: view.statistics[column.id] ?? defaultStatistic, at: null };
}

// Looks and places of columns

export function setStatistic(view: ITableView, columnId: string, statistic: Statistic): ITableView {
  return {
    ...setBestStep(view, columnId, null),
    statistics: { ...view.statistics, [columnId]: statistic }
  };
}

export function setWidth(view: ITableView, columnId: string, width: number): ITableView {
  return { ...view, widths: { ...view.widths, [columnId]: clampWidth(width) } };
}

// Order of rows

/** Whether a column is first sorted in descending order: metrics, times and durations are. */
function startsDescending(column: Pick<IColumn, 'kind' | 'type'>): boolean {
  return column.kind === 'metric' || column.type === 'time' || column.type === 'duration';
}

/**
 * Return the view after a click on a header: first order, other order, none.
 *
 * With `add`, the other sort keys stay; without, this column is the only one.
 */
export function cycleSort(
  view: ITableView,
  column: Pick<IColumn, 'id' | 'kind' | 'type'>,
  add: boolean
): ITableView {
  const first = startsDescending(column);
  const key = view.sort.find(other => other.column === column.id);
  if (key === undefined) {
    return sortBy(view, column.id, first, add);
  }
  if (key.descending === first) {
    return sortBy(view, column.id, !first, add);
  }
  return { ...view, sort: add ? without(view.sort, column.id) : [] };
}

/**
 * Sort by a column. With `add`, it keeps its place among the sort keys, or becomes the last one.
 */
export function sortBy(
  view: ITableView,
  columnId: string,
  descending: boolean,
  add = false
): ITableView {
  const key = { column: columnId, descending };
  if (!add) {
    return { ...view, sort: [key] };
  }
  const at = view.sort.findIndex(other => other.column === columnId);
  const sort = [...view.sort];
  sort.splice(at < 0 ? sort.length : at, 1, key);
  return { ...view, sort };
}

/** Remove a column from the sort keys. */
export function clearSort(view: ITableView, columnId: string): ITableView {
  return { ...view, sort: without(view.sort, columnId) };
}

function without(sort: readonly ISortBy[], columnId: string): readonly ISortBy[] {
  return sort.filter(key => key.column !== columnId);
}

// Filters

export function isTypeShown(view: ITableView, type: ComponentType): boolean {
  return view.types === null || view.types.includes(type);
}

export function showType(view: ITableView, type: ComponentType, shown: boolean): ITableView {
  const types = TYPES.filter(other => (other === type ? shown : isTypeShown(view, other)));
  return { ...view, types: types.length === TYPES.length ? null : types };
}

/** Return the default rows and columns; charts and the open pane stay. */
export function reset(view: ITableView): ITableView {
  return { ...DEFAULT_VIEW, charts: view.charts, propertiesOpen: view.propertiesOpen };
}

// Queries

/** Return the query for rows, without sort keys of columns that the table does not have (yet). */
export function rowQuery(
  view: ITableView,
  columns: readonly IColumn[],
  defaultStatistic: Statistic
): IRowQuery {
  const comparison = compareQuery(view.comparing, columns);
  const all = comparison.group_by.length ? [...columns, GROUP_COLUMN] : columns;
  const byId = new Map(withAdded(view, all).map(column => [column.id, column]));
  const sort = view.sort.flatMap((key): ISortKey[] => {
    const column = byId.get(key.column);
    if (column === undefined) {
      return [];
    }
    const { statistic, at } = contentOf(view, column, defaultStatistic);
    return [{ column: serverId(column.id), statistic, at, descending: key.descending }];
  });
  return {
    default_statistic: defaultStatistic,
    filters: queryFilters(view, defaultStatistic),
    sort,
    types: view.types === null ? null : [...view.types],
    ...comparison
  };
}

/** Return a shown column in the form that the server takes. */
export function viewColumn(column: Pick<IShownColumn, 'id' | 'statistic' | 'at'>): IViewColumn {
  return { column: serverId(column.id), statistic: column.statistic, at: column.at };
}

// Saved form

const FORMAT = 1;

export function toJSON(view: ITableView): Record<string, unknown> {
  return { format: FORMAT, ...view };
}

/** Return the view that {@link toJSON} wrote; what is not valid gets its default. */
export function fromJSON(value: unknown): ITableView {
  if (!isRecord(value) || value.format !== FORMAT) {
    return DEFAULT_VIEW;
  }
  return {
    groups: groupsFrom(value.groups),
    order: textsFrom(value.order),
    widths: entriesFrom(value.widths, isNumber, clampWidth),
    ...choicesFrom(value),
    statistics: entriesFrom(value.statistics, isStatistic),
    sort: sortFrom(value.sort),
    types: Array.isArray(value.types)
      ? TYPES.filter(type => textsFrom(value.types).includes(type))
      : null,
    filters: filtersFrom(value.filters),
    comparing: comparingFrom(value.comparing),
    charts: chartsFrom(value.charts),
    autoRefresh: value.autoRefresh !== false,
    propertiesOpen: value.propertiesOpen === true,
    saved: savedFrom(value.saved)
  };
}

function savedFrom(value: unknown): ISavedAs | null {
  if (isRecord(value) && typeof value.name === 'string') {
    return { name: value.name };
  }
  return isRecord(value) && typeof value.file === 'string' ? { file: value.file } : null;
}

function isStatistic(value: unknown): value is Statistic {
  return STATISTICS.includes(value as Statistic);
}

function groupsFrom(value: unknown): ITableView['groups'] {
  const groups = entriesFrom(value, isRecord);
  return Object.fromEntries(
    GROUPS.filter(kind => kind in groups).map(kind => [
      kind,
      { on: groups[kind].on !== false, except: textsFrom(groups[kind].except) }
    ])
  );
}

function sortFrom(value: unknown): ISortBy[] {
  return (Array.isArray(value) ? value : []).flatMap((key): ISortBy[] =>
    isRecord(key) && typeof key.column === 'string'
      ? [{ column: key.column, descending: key.descending === true }]
      : []
  );
}
