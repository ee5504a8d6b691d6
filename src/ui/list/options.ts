/** What an owner tells a list: its columns, its rows, and what they do. Types only. */
import type { TranslationBundle } from '@jupyterlab/translation';
import type * as React from 'react';

import type { ListSelection } from './selection';

/** One column. The first one is never hidden; without `width` it takes what the others leave. */
export interface IListColumn<T> {
  id: string;
  label: string;
  /** Fixed width in CSS pixels. */
  width?: number;
  /** Without `width`: how narrow it may get before columns to its right are hidden. */
  minWidth?: number;
  sortable?: boolean;
  /** The cell as plain text: what is read aloud. */
  text: (row: T) => string;
  /** The cell as drawn, where that is more than its text. */
  draw?: (row: T) => React.ReactNode;
  tooltip?: (row: T) => string;
}

export type RowAttributes = Record<`data-${string}`, string> & {
  className?: string;
  draggable?: boolean;
};

interface IListSort {
  columnId: string;
  order: 'Ascending' | 'Descending';
}

export interface IListProps<T> {
  /** Names what the list shows: another one starts at the top, with nothing held in place. */
  listId: string;
  /** The accessible name of the grid. */
  label: string;
  rows: readonly T[];
  keyOf: (row: T) => string;
  columns: readonly IListColumn<T>[];
  selection: ListSelection;
  trans: TranslationBundle;
  locale: string;
  /** How many rows there are in all; null while only some are known. */
  total?: number | null;
  /** Rows are being read for the first time. */
  busy?: boolean;
  sort?: IListSort | null;
  onSort?: (columnId: string) => void;
  /** Double-click or `Enter`. */
  onOpen: (row: T) => void;
  /** The indexes on the screen have changed: time to read on. */
  onVisible?: (first: number, last: number) => void;
  /** Attributes of a row, for selectors: `data-…` and the owner's `className`. */
  rowAttributes?: (row: T) => RowAttributes;
  /** Below the last row. */
  end?: React.ReactNode;
}
