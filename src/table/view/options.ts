/** Types that the files of a table share: its view, its rows, and its queries. */
import type { ComponentType, IRow, IView, Statistic } from '../../api/types';
import type { IColumnFilter } from '../../ui/filters/filters';
import type { IChart } from './chart';
import type { IColumnChoices } from './choices';
import type { ColumnKind } from './columns';
import type { IComparing } from './comparing';

/** Whether the columns of a group are shown, with exceptions. A new column follows its group. */
export interface IGroupView {
  readonly on: boolean;
  readonly except: readonly string[];
}

/** One sort key; its statistic is the one that the column shows. */
export interface ISortBy {
  readonly column: string;
  readonly descending: boolean;
}

export interface ITableView extends IColumnChoices {
  readonly groups: Readonly<Partial<Record<ColumnKind, IGroupView>>>;
  /** Ids of the columns that come first; see `arrange`. */
  readonly order: readonly string[];
  /** In CSS pixels, by column id. */
  readonly widths: Readonly<Record<string, number>>;
  /** By column id. Other metrics show the default statistic. */
  readonly statistics: Readonly<Record<string, Statistic>>;
  readonly sort: readonly ISortBy[];
  /** The types that pass; null for all. */
  readonly types: readonly ComponentType[] | null;
  /** A row has to pass all of these filters. */
  readonly filters: readonly IColumnFilter[];
  /** Differences, best values, baseline and groups. */
  readonly comparing: IComparing;
  /** The charts above the table, in this order. */
  readonly charts: readonly IChart[];
  readonly autoRefresh: boolean;
  readonly propertiesOpen: boolean;
  /** The saved view that this one was opened from; null for none. */
  readonly saved: ISavedAs | null;
}

/** Where a view is saved: under a name, or in a file of the working folder. */
export type ISavedAs = { readonly name: string } | { readonly file: string };

/** Which rows there are, and their order. */
export type IRowQuery = Required<Omit<IView, 'columns'>>;

export type Cell = IRow['cells'][number];

/** A row without its cells: its names, and what its menu needs. */
export type IRowFacts = Omit<IRow, 'cells'>;
