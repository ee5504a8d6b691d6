/** What the files of a table share: its view, its rows, and what the server is asked. Types only. */
import type { ComponentType, IRow, IView, Statistic } from '../../api/types';
import type { IColumnFilter } from '../../ui/filters/filters';
import type { IChart } from './chart';
import type { IColumnChoices } from './choices';
import type { ColumnKind } from './columns';
import type { IComparing } from './comparing';

/** A group of columns: shown or not, except for some. A new column follows the group. */
export interface IGroupView {
  readonly on: boolean;
  readonly except: readonly string[];
}

/** One key of the order; the statistic is the one that the column shows. */
export interface ISortBy {
  readonly column: string;
  readonly descending: boolean;
}

export interface ITableView extends IColumnChoices {
  readonly groups: Readonly<Partial<Record<ColumnKind, IGroupView>>>;
  /** Ids of the columns that stand first; see `arrange`. */
  readonly order: readonly string[];
  /** In CSS pixels, by column id. */
  readonly widths: Readonly<Record<string, number>>;
  /** By column id; other metrics show the default statistic. */
  readonly statistics: Readonly<Record<string, Statistic>>;
  readonly sort: readonly ISortBy[];
  /** The types let through; null for all. */
  readonly types: readonly ComponentType[] | null;
  /** What rows must meet besides, all of it. */
  readonly filters: readonly IColumnFilter[];
  /** Differences, best values, baseline and groups. */
  readonly comparing: IComparing;
  /** Above the table, in this order. */
  readonly charts: readonly IChart[];
  readonly autoRefresh: boolean;
  readonly propertiesOpen: boolean;
  /** What of the user's saved views this began as; null for none. */
  readonly saved: ISavedAs | null;
}

/** Where a view is saved: under a name, or in a file of the working folder. */
export type ISavedAs = { readonly name: string } | { readonly file: string };

/** What decides which rows there are, and in which order. */
export type IRowQuery = Required<Omit<IView, 'columns'>>;

export type Cell = IRow['cells'][number];

/** A row without its cells: who it is, and what its menu needs. */
export type IRowFacts = Omit<IRow, 'cells'>;
