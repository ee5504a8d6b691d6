/** The options of a list: its columns, its rows, and their actions. Types only. */
import type { TranslationBundle } from '@jupyterlab/translation';
import type * as React from 'react';

import type { ListSelection } from './selection';

/** A column. The first one is never hidden. A column without `width` takes the remaining space. */
export interface IListColumn<T> {
  id: string;
  label: string;
  /** Fixed width in CSS pixels. */
  width?: number;
  /** Without `width`: the width below which columns to its right are hidden. */
  minWidth?: number;
  sortable?: boolean;
  /** The cell as plain text, which is read aloud. */
  text: (row: T) => string;
  /** The cell as drawn, if that is more than its text. */
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
  /** Identifies what the list shows. A new id scrolls to the top. */
  listId: string;
  /** The accessible name of the grid. */
  label: string;
  rows: readonly T[];
  keyOf: (row: T) => string;
  columns: readonly IListColumn<T>[];
  selection: ListSelection;
  trans: TranslationBundle;
  locale: string;
  /** The number of all rows; null while only some are known. */
  total?: number | null;
  /** Whether rows are being read for the first time. */
  busy?: boolean;
  sort?: IListSort | null;
  onSort?: (columnId: string) => void;
  /** Double-click or `Enter`. */
  onOpen: (row: T) => void;
  /** The indexes on the screen have changed, so that more rows can be read. */
  onVisible?: (first: number, last: number) => void;
  /** Attributes of a row, for selectors: `data-…` and the owner's `className`. */
  rowAttributes?: (row: T) => RowAttributes;
  /** Drawn below the last row. */
  end?: React.ReactNode;
}
